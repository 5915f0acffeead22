import { isUserError } from '../../errors/user-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { removedText, removeLabFrom } from '../docker/remove-lab.ts';
import { removeTasks } from '../docker/shared-engine.ts';
import type { KnownNode } from './known-lab.ts';
import { inParallel } from './in-parallel.ts';

const never = new AbortController().signal;

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
      // An agent has the work folder of its machine for itself: tasks with a sandbox below it are of this lab.
      const tasks = hasAgent
        ? await removeTasks(reach.engine, [{ path: workDir }], { signal: never, timeoutMs: 60_000 })
        : 0;
      const words = [removedText(counts), tasks === 0 ? '' : `${tasks} task${tasks === 1 ? '' : 's'}`];
      return { node: node.name, removed: words.filter((text) => text !== '').join(', ') };
    } catch (error) {
      if (!isUserError(error)) throw error;
      const [{ message, found }] = error.problems;
      return { node: node.name, removed: '', failure: `${message}${found === undefined ? '' : ` (${found})`}` };
    }
  });
}

/** `node1, node2: 4 containers removed`, a line for each kind of end. */
export function nodeLines(states: readonly { readonly node: string; readonly state: string }[]): readonly string[] {
  const byState = new Map<string, string[]>();
  for (const { node, state } of states) byState.set(state, [...(byState.get(state) ?? []), node]);
  return [...byState].map(([state, nodes]) => `${nodes.join(', ')}: ${state}`);
}
