import { ApiError } from '../marathon-error.ts';

/*
 * Label selectors (LabelSelector.scala of Marathon): `a`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, separated by
 * commas that mean "and". A backslash takes the meaning from the sign behind it.
 */

type Labels = Readonly<Record<string, string>>;

const word = String.raw`(?:[-A-Za-z0-9_.]|\\.)+`;
const equality = new RegExp(`^(${word})\\s*(==|!=)\\s*(${word})$`, 's');
const membership = new RegExp(`^(${word})\\s+(in|notin)\\s*\\(\\s*(${word}(?:\\s*,\\s*${word})*)\\s*\\)$`, 's');
const existence = new RegExp(`^${word}$`, 's');
/** Splits at commas, but not at escaped ones. */
const unescapedComma = /(?<!\\),/;
/** As that, but not inside of parentheses either. */
const clauseComma = /(?<!\\),(?![^()]*(?<!\\)\))/;
const maxLength = 2000;

const unescape = (text: string) => text.trim().replaceAll(/\\(.)/gs, '$1');

/** @throws ApiError 422 for what is no selector */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  const clauses = text.length > maxLength ? [''] : text.split(clauseComma);
  const tests = clauses.map((clause) => {
    const test = parseClause(clause.trim());
    if (test !== undefined) return test;
    throw new ApiError(422, { message: `Can not parse label selector '${text.slice(0, 200)}'. Reason: '${clause}'` });
  });
  return (labels) => tests.every((test) => test(labels));
}

function parseClause(clause: string): ((labels: Labels) => boolean) | undefined {
  if (existence.test(clause)) {
    const key = unescape(clause);
    return (labels) => Object.hasOwn(labels, key);
  }
  const equal = equality.exec(clause);
  const [, key = '', operator, list = ''] = equal ?? membership.exec(clause) ?? [];
  if (operator === undefined) return undefined;
  const name = unescape(key);
  const values = new Set(equal === null ? list.split(unescapedComma).map(unescape) : [unescape(list)]);
  const isWanted = operator === '==' || operator === 'in';
  return (labels) => Object.hasOwn(labels, name) && values.has(labels[name] ?? '') === isWanted;
}
