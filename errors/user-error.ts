import type { ErrorCode } from './catalogue.ts';

/** Where a problem stands: in a file (line and column count from 1), or in a command-line flag. */
export type Place =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'flag'; readonly flag: string };

/** One problem, in words for the person who can solve it. */
export interface Problem {
  readonly code: ErrorCode;
  /** What is wrong, one sentence, without a final full stop. */
  readonly message: string;
  readonly place?: Place;
  /** What stands there now. */
  readonly found?: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** What to do about it. */
  readonly fix?: string;
}

/**
 * An error that the user can mend. Everything else that is thrown is a bug.
 * Told apart by `name`, not by `instanceof`, so that it survives being thrown from a chunk loaded later.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** All problems that were found, never empty; the exit code is that of the first one's code in the catalogue. */
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problem: Problem, ...more: readonly Problem[]) {
    super([problem, ...more].map(({ code, message }) => `${code}: ${message}`).join('\n'));
    this.problems = [problem, ...more];
  }
}

/** Whether a thrown value is an error for the user (and not a bug). */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError';
}
