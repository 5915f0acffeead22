import { marked, type Token } from 'marked';
import type { Problem } from '../../errors/user-error.ts';
import { nearest } from '../../planning/shape/nearest.ts';
import { placeholderNames, unknownPlaceholders } from './placeholders.ts';

/** What is wrong with the text of a lesson. @param file what messages call it */
export function checkText(text: string, file: string): readonly Problem[] {
  const placeOf = (offset: number) => {
    const before = text.slice(0, offset).split('\n');
    return { kind: 'file', file, line: before.length, column: (before.at(-1) ?? '').length + 1 } as const;
  };
  const rule = (offset: number, message: string, details: Pick<Problem, 'found' | 'allowed' | 'fix'>): Problem => ({
    ...{ code: 'LESSON_RULE', message, place: placeOf(offset) },
    ...details,
  });
  if (text.trim() === '')
    return [rule(0, 'The text of the lesson is empty', { fix: 'Say what to do, why, and what to look at' })];
  const words = unknownPlaceholders(text).map(({ word, offset }) => {
    const near = nearest(word, placeholderNames);
    return rule(offset, `{{${word}}} stands for nothing`, {
      found: `{{${word}}}`,
      allowed: `${placeholderNames.map((name) => `{{${name}}}`).join(', ')}, {{service:PORT}}`,
      fix: near === undefined ? 'Write it out' : `Did you mean {{${near}}}?`,
    });
  });
  return [...words, ...tokenProblems(text, rule)];
}

type Rule = (offset: number, message: string, details: Pick<Problem, 'found' | 'allowed' | 'fix'>) => Problem;

function tokenProblems(text: string, rule: Rule): readonly Problem[] {
  const problems: Problem[] = [];
  let from = 0;
  for (const token of marked.lexer(text)) {
    const offset = Math.max(from, text.indexOf(token.raw, from));
    for (const each of withInner(token)) {
      const at = Math.max(offset, text.indexOf(each.raw, offset));
      if (each.type === 'html') {
        problems.push(
          rule(at, 'HTML is not shown', {
            found: each.raw.trim().slice(0, 40),
            allowed: 'Markdown',
            fix: 'Write it in Markdown, or as `code`',
          }),
        );
      } else if (each.type === 'image') {
        problems.push(
          rule(at, 'Pictures are not shown', { found: each.raw.slice(0, 40), fix: 'Say it in words, or link to it' }),
        );
      } else if (each.type === 'heading' && each['depth'] === 1) {
        problems.push(
          rule(at, 'The title of a lesson is in lesson.yaml', {
            found: each.raw.trim().slice(0, 40),
            fix: 'Begin with the text; headings have ## or more',
          }),
        );
      }
    }
    from = offset + token.raw.length;
  }
  // A tag has an end, too.
  const lineOf = ({ place, message }: Problem) => `${place?.kind === 'file' ? place.line : 0} ${message}`;
  return problems.filter((each, index) => problems.findIndex((other) => lineOf(other) === lineOf(each)) === index);
}

/** A token, and those in it. */
function withInner(token: Token): readonly Token[] {
  const inner: Token[] = [];
  void marked.walkTokens([token], (each) => {
    inner.push(each);
  });
  return inner;
}
