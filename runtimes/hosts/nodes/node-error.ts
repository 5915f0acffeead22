import { isUserError, UserError, type Problem } from '../../../errors/user-error.ts';

/** The same error, with the node that it is about. Other errors are passed on as they are. */
export function atNode(node: string, error: UserError): UserError;
export function atNode(node: string, error: unknown): unknown;
export function atNode(node: string, error: unknown): unknown {
  if (!isUserError(error)) return error;
  const [first, ...more] = error.problems.map((problem): Problem => {
    const { message, fix } = problem;
    return {
      ...problem,
      message: message.startsWith(node) ? message : `${node}: ${message}`,
      // What a container is called on its machine is not what it is called in the lab.
      ...(fix === undefined ? {} : { fix: fix.replace(/\blogs (?=[a-z-]+$)/, `logs ${node}-`) }),
    };
  });
  return first === undefined ? error : new UserError(first, ...more);
}
