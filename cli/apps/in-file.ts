import { isUserError, UserError } from '../../errors/user-error.ts';

/** Throws a refusal on, with the file that it is about. */
export const inFile =
  (file: string) =>
  (error: unknown): never => {
    throw isUserError(error) ? withFile(error, file) : error;
  };

function withFile({ problems: [first, ...more] }: UserError, file: string): UserError {
  if (first.code !== 'MARATHON_REFUSED' && first.code !== 'CHRONOS_REFUSED') return new UserError(first, ...more);
  return new UserError({ ...first, place: { kind: 'path', path: file } }, ...more);
}
