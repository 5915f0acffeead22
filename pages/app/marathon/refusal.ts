import { listAt, parseJson, textAt } from '../../../protocol/json.ts';
import { words } from '../words.ts';

/** What Marathon says of a place in what it was sent. */
export interface FieldError {
  /** As Marathon writes it: `/healthChecks(0)/path`. */
  readonly path: string;
  readonly message: string;
}

/** Marathon does not do what it was asked (error.raml). */
export class Refused extends Error {
  readonly status: number;
  /** Its own words, without those of each field. */
  readonly said: string;
  readonly fields: readonly FieldError[];
  /** Deployments that are in the way: force goes over them. */
  readonly lockedBy: readonly string[];

  constructor(status: number, text: string) {
    const { said, fields, lockedBy } = readRefusal(text);
    super(words.refused(status, [said, ...fields.map(({ path, message }) => `${path}: ${message}`)].join('\n')));
    this.status = status;
    this.said = said;
    this.fields = fields;
    this.lockedBy = status === 409 ? lockedBy : [];
  }
}

/** More of an answer that is no JSON is not shown. */
const mostOfPage = 500;

/** @param text the body of an answer, of any server on the way */
function readRefusal(text: string) {
  const body = parseJson(text);
  const message = textAt(body, 'message') ?? text.slice(0, mostOfPage);
  // With what is no JSON at all, `details` says where.
  const details = textAt(body, 'details');
  const fields = listAt(body, 'details').flatMap((detail): readonly FieldError[] => {
    const path = textAt(detail, 'path') ?? '';
    const errors = listAt(detail, 'errors').map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    const alone = textAt(detail, 'message');
    return [...errors, ...(alone === undefined ? [] : [alone])].map((each) => ({ path, message: each }));
  });
  return {
    said: details === undefined ? message : `${message}: ${details}`,
    fields,
    lockedBy: listAt(body, 'deployments').flatMap((each) => textAt(each, 'id') ?? []),
  };
}
