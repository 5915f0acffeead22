import { UserError, type Problem } from '../../errors/user-error.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { isRunning, type ProcessIdentity } from '../../platform/processes/process-identity.ts';
import { shellWord } from '../../platform/processes/shell-words.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { RefusableVerb } from '../cluster-runtime.ts';
import { addressOfMachine } from './embedded-cluster.ts';
import { runFolder } from './run-folder.ts';
import { readRunRecord } from './run-record.ts';

/** Whether a lab is another user's and runs: then nothing but looking is done with it. @param verb that was wanted */
export function ofOtherUser(
  { files, maySignal }: { readonly files: FileSystem; readonly maySignal: (process: ProcessIdentity) => boolean },
  directory: string,
  verb: RefusableVerb,
): Problem | undefined {
  const found = readRunRecord(files, directory);
  if (found.kind !== 'record') return undefined;
  const { process } = found.record;
  if (!isRunning(process) || maySignal(process)) return undefined;
  const owner = files.ownerOf(runFolder(directory).record) ?? 'another user';
  return {
    code: 'LAB_OTHER_USER',
    message: `this lab is ${owner}'s, and still runs (process ${process.pid}); nothing was done`,
    place: { kind: 'path', path: directory },
    fix: `only ${owner === 'root' ? owner : `${owner} and root`} may do that: sudo -u ${owner} create-mesos-cluster ${verb} --lab ${shellWord(directory)}`,
  };
}

const code = 'USAGE_ARGUMENTS';

/** What becomes of several machines. */
export const machinesHere = (plan: Plan) =>
  `Its machines are addresses of this one: ${plan.nodes.map(({ name }) => `${name} is ${addressOfMachine(plan, name)}`).join(', ')}`;

/** Why several machines are not all here. */
export const oneAddress = (machines: number) =>
  new UserError({
    code,
    message: `each of the lab's ${machines} machines needs a loopback address of its own here; 127.0.0.2 is none`,
    place: { kind: 'flag', flag: '--runtime' },
    found: 'embedded',
    fix: `give this machine more: sudo ifconfig lo0 alias 127.0.0.2, and so on to 127.0.0.${machines}`,
  });

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
