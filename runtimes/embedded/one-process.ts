import { UserError, type Problem } from '../../errors/user-error.ts';
import type { RefusableVerb } from '../cluster-runtime.ts';

const code = 'USAGE_ARGUMENTS';

const needParts: Readonly<Partial<Record<RefusableVerb, Problem>>> = {
  exec: {
    code,
    message: 'the runtime embedded has no containers to run a command in',
    fix: 'create-mesos-cluster logs and status show what its components do',
  },
};

/** What is refused because one process has no parts that could be entered. */
export const withoutParts = (verb: RefusableVerb): Problem | undefined => needParts[verb];

/** The same, for who did not ask. */
export function cannot(verb: 'exec'): Error {
  const problem = withoutParts(verb);
  return problem === undefined ? new Error(`${verb} is not refused`) : new UserError(problem);
}
