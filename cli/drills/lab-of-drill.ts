import { clusterAt, type Cluster } from '../../checks/cluster-target.ts';
import type { PartControl } from '../../checks/drills/part-control.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { actedOn, type ClusterRuntime, type RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { labThere, type LabThere } from '../running/lab-there.ts';

/** A lab that drills are run in. */
export interface LabOfDrill extends LabThere {
  readonly cluster: Cluster;
  readonly control: PartControl;
}

/** @throws UserError LAB_NOT_RUNNING */
export async function labOfDrill(context: Context, line: CommandLine, directory: string): Promise<LabOfDrill> {
  // What the runtime does has a signal of its own each time; all else that it asks is for healing, too, which Ctrl-C must
  // not end.
  const unhurried = { ...context, signal: new AbortController().signal };
  const there = await labThere(unhurried, line, directory);
  const { lab, runtime } = there;
  return { ...there, cluster: clusterAt(lab.target), control: controlOf(runtime, directory, lab) };
}

/** What drills do to parts is done by the runtime; an agent starts with all that was unplugged with it. */
const controlOf = (runtime: ClusterRuntime, directory: string, { parts }: RunningLab): PartControl => ({
  act: (deed, ids, signal) => {
    const agents = parts.filter(({ id, role }) => role === 'mesos-agent' && ids.includes(id));
    const beside = parts.filter(({ node }) => agents.some((agent) => agent.node === node)).map(({ id }) => id);
    return runtime.control({ directory }, deed, deed === 'start' ? [...new Set([...ids, ...beside])] : ids, signal);
  },
});

/** A drill shows what comes of one failure alone. @throws UserError NOT_READY when somebody has acted on a part before */
export function refuseIfActedOn({ parts }: RunningLab): void {
  const down = parts.filter(({ state }) => actedOn.has(state));
  if (down.length === 0) return;
  throw new UserError({
    code: 'NOT_READY',
    message: 'the cluster is not whole, and a drill would show that instead of what it is for; nothing was done',
    found: down.map(({ id, state }) => `${id} is ${state}`).join(', '),
    fix: `create-mesos-cluster start ${down.map(({ id }) => id).join(' ')}`,
  });
}
