import { isUserError } from '../../errors/user-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DockerEngine } from '../docker/docker-engine.ts';
import { removedText, removeLabFrom } from '../docker/remove-lab.ts';
import type { KnownNode } from './known-lab.ts';
import { inParallel } from './in-parallel.ts';

/** What was done with a node. */
export interface NodeRemoval {
  readonly node: string;
  /** `4 containers and 3 volumes`; empty: there was nothing. */
  readonly removed: string;
  /** Why not everything is gone. */
  readonly failure?: string;
}

/**
 * Removes everything of a lab from nodes, and the tasks that its agents started there. A signal does not end it.
 * @param workDir of the agents, on their machines
 */
export function removeFromNodes(
  nodes: readonly KnownNode[],
  { name, workDir, clock }: { readonly name: string; readonly workDir: string; readonly clock: Clock },
): Promise<readonly NodeRemoval[]> {
  return inParallel(nodes, async ({ node, reach }) => {
    if (reach.kind === 'unreached') return { node: node.name, removed: '', failure: reach.problem.message };
    try {
      const counts = await removeLabFrom(reach.engine, name, clock);
      const hasAgent = node.components.some(({ role }) => role === 'mesos-agent');
      const tasks = hasAgent ? await removeTasks(reach.engine, workDir) : 0;
      const words = [removedText(counts), tasks === 0 ? '' : `${tasks} task${tasks === 1 ? '' : 's'}`];
      return { node: node.name, removed: words.filter((text) => text !== '').join(', ') };
    } catch (error) {
      if (!isUserError(error)) throw error;
      const [{ message, found }] = error.problems;
      return { node: node.name, removed: '', failure: `${message}${found === undefined ? '' : ` (${found})`}` };
    }
  });
}

/**
 * Containers that an agent left when it was removed: called `mesos-…`, with a sandbox below the work folder
 * (Docker::run in src/docker/docker.cpp of Mesos). An agent has its work folder for itself, so these are of this lab.
 */
async function removeTasks(engine: DockerEngine, workDir: string): Promise<number> {
  const never = new AbortController().signal;
  const filters = ['--filter', 'name=mesos-', '--filter', 'volume=/mnt/mesos/sandbox'];
  const words = ['ps', '--all', '--no-trunc', ...filters, '--format', '{{.ID}}\t{{.Names}}\t{{.Mounts}}'];
  const lines = (await engine.ask(words, { signal: never })).split('\n');
  const ids = lines.flatMap((line) => {
    const [id = '', name = '', mounts = ''] = line.split('\t');
    const isTask = name.startsWith('mesos-') && mounts.split(',').some((path) => path.startsWith(`${workDir}/`));
    return isTask ? [id] : [];
  });
  if (ids.length > 0) await engine.ask(['rm', '--force', '--volumes', ...ids], { signal: never, timeoutMs: 60_000 });
  return ids.length;
}

/** `node1, node2: 4 containers removed`, a line for each kind of end. */
export function nodeLines(states: readonly { readonly node: string; readonly state: string }[]): readonly string[] {
  const byState = new Map<string, string[]>();
  for (const { node, state } of states) byState.set(state, [...(byState.get(state) ?? []), node]);
  return [...byState].map(([state, nodes]) => `${nodes.join(', ')}: ${state}`);
}
