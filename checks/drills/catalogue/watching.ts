import type { TaskSeen } from '../../app-definition.ts';
import type { DrillAgent } from '../drill-facts.ts';
import { DrillRefusal, type Scene } from '../drill.ts';
import { agentsOf, serversOf, tasksOf, type AgentState } from '../looks.ts';
import type { Reached, Stage } from '../stage.ts';
import { healthyOf } from '../drill-app.ts';

const idsOf = (tasks: readonly TaskSeen[]) => new Set(tasks.map(({ id }) => id));

/** Tasks that were not there before. */
export const newTasks = (before: readonly TaskSeen[], now: readonly TaskSeen[] = []): readonly TaskSeen[] => {
  const old = idsOf(before);
  return now.filter(({ id }) => !old.has(id));
};

/** The server of a task in the load balancer: `agent1_31005`, `127_0_0_2_31005`; its port tells it from the others. */
const serves = (servers: readonly string[], { ports }: TaskSeen) =>
  servers.some((server) => server.endsWith(`_${ports[0] ?? -1}`));

/** Follows a task that is lost, and the one that takes its place, until the load balancer sends it requests. */
export async function followReplacement(
  stage: Stage,
  lost: TaskSeen,
  { tasks, servicePort }: Pick<Scene, 'tasks' | 'servicePort'>,
): Promise<void> {
  const { cluster, app } = stage;
  let replacement: TaskSeen | undefined;
  const milestones: readonly Reached<readonly TaskSeen[]>[] = [
    ['task-lost', (now) => now !== undefined && !now.some(({ id, state }) => id === lost.id && isAlive(state))],
    ['launched', (now) => (replacement = newTasks(tasks, now)[0]) !== undefined],
    ['running', (now) => newTasks(tasks, now).some(({ state }) => state === 'TASK_RUNNING')],
    ['healthy', (now) => newTasks(tasks, now).some(({ alive }) => alive === true) && healthyOf(now) >= tasks.length],
  ];
  await Promise.all([
    stage.follow(tasksOf(cluster, app), milestones),
    stage.follow(serversOf(cluster, servicePort), [
      ['in-balancer', (servers = []) => replacement !== undefined && serves(servers, replacement)],
    ]),
  ]);
}

/** Marathon shows what is out of reach for as long as it waits for it. */
const isAlive = (state: string) => ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING'].includes(state);

/** Until one agent is as it should be at the leading master. */
export const followAgent = (
  stage: Stage,
  agent: DrillAgent,
  ...milestones: readonly Reached<AgentState>[]
): Promise<void> =>
  stage.follow(
    agentsOf(stage.cluster, [agent]),
    milestones.map(([name, isSo]): Reached<readonly AgentState[]> => [name, (seen) => isSo(seen?.[0])]),
  );

/** The agent that is struck: the one that is wanted, or one of these on which an instance of the drill's app runs. */
export function chosenAgent({ facts, tasks, wanted }: Scene, agents = facts.agents): DrillAgent {
  const busy = agents.find(({ hostname }) => tasks.some(({ host }) => host === hostname));
  const chosen = wanted === undefined ? (busy ?? agents[0]) : agents.find(({ id }) => id === wanted);
  if (chosen === undefined) {
    throw new DrillRefusal(
      'usage',
      'every machine of an agent has other parts of the lab on it, which would end with it',
      {
        fix: 'kill-agent ends the agent alone; a preset whose agents have machines of their own: three-vm, or single and ha on one host',
      },
    );
  }
  return chosen;
}

/** Tasks on an agent. */
export const tasksOn = (tasks: readonly TaskSeen[], { hostname }: DrillAgent): readonly TaskSeen[] =>
  tasks.filter(({ host }) => host === hostname);
