import { isUserError } from '../../errors/user-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DockerEngine } from '../docker/docker-engine.ts';
import type { LabContainer } from '../docker/lab/lab-containers.ts';
import { removedText, removeLabFrom } from '../docker/lab/remove-lab.ts';
import { removeTasks } from '../docker/lab/shared-engine.ts';
import type { KnownNode } from './known-lab.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { nodeContainers } from './nodes/node-containers.ts';

const call = { signal: new AbortController().signal, timeoutMs: 60_000 };

/** What was done with a node. */
export interface NodeRemoval {
  readonly node: string;
  /** `4 containers and 3 volumes`; empty: there was nothing. */
  readonly removed: string;
  /** Why not everything is gone. */
  readonly failure?: string;
  /** A container of a lab of the same name in another folder, of which nothing was touched. */
  readonly other?: LabContainer;
}

/** What is removed. */
export interface RemovedLab {
  readonly name: string;
  /** That its containers bear, absolute. */
  readonly folders: readonly string[];
  /** Of its agents, on their machines. */
  readonly workDir: string;
  readonly clock: Clock;
}

/** Removes everything of a lab from nodes, and the tasks that its agents started there. A signal does not end it. */
export function removeFromNodes(nodes: readonly KnownNode[], lab: RemovedLab): Promise<readonly NodeRemoval[]> {
  return inParallel(nodes, async ({ node, reach }) => {
    if (reach.kind === 'unreached') return { node: node.name, removed: '', failure: reach.problem.message };
    const { engine } = reach;
    try {
      const { own, others } = await nodeContainers(engine, node.name, lab.folders, call);
      const other = others.find((each) => each.lab === lab.name);
      // By its name alone, which also finds what a start that was killed has left, the other one would be removed.
      const removed =
        other === undefined
          ? removedText(await removeLabFrom(engine, lab.name, lab.clock))
          : await removeAlone(engine, own);
      const isAgent = ({ role }: { readonly role: string }) => role === 'mesos-agent';
      // An agent has the work folder of its machine for itself: tasks with a sandbox below it are of this lab.
      const tasks =
        node.components.some(isAgent) && !others.some(isAgent)
          ? await removeTasks(engine, [{ path: lab.workDir }], call)
          : 0;
      const words = [removed, tasks === 0 ? '' : `${tasks} task${tasks === 1 ? '' : 's'}`];
      return {
        node: node.name,
        removed: words.filter((text) => text !== '').join(', '),
        ...(other === undefined ? {} : { other }),
      };
    } catch (error) {
      if (!isUserError(error)) throw error;
      const [{ message, found }] = error.problems;
      return { node: node.name, removed: '', failure: `${message}${found === undefined ? '' : ` (${found})`}` };
    }
  });
}

/** Removes these containers, and leaves networks and volumes: another lab of that name may have them. */
async function removeAlone(engine: DockerEngine, containers: readonly LabContainer[]): Promise<string> {
  if (containers.length === 0) return '';
  await engine.ask(['rm', '--force', '--volumes', ...containers.map(({ containerId }) => containerId)], call);
  return removedText({ containers: containers.length, networks: 0, volumes: 0 });
}

/** `node1, node2: 4 containers removed`, a line for each kind of end. */
export function nodeLines(states: readonly { readonly node: string; readonly state: string }[]): readonly string[] {
  const byState = new Map<string, string[]>();
  for (const { node, state } of states) byState.set(state, [...(byState.get(state) ?? []), node]);
  return [...byState].map(([state, nodes]) => `${nodes.join(', ')}: ${state}`);
}
