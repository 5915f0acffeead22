import type { ClusterAnswer, ClusterClient } from '../../checks/cluster-client.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import { simulatedAttribute } from '../../protocol/mesos-defaults.ts';
import { UserError } from '../../errors/user-error.ts';
import { sandboxesIn } from '../logs/sandboxes.ts';

/** Who is asked where tasks run and what they wrote. */
export interface SandboxWorld {
  readonly masters: readonly string[];
  readonly client: ClusterClient;
  readonly signal: AbortSignal;
}

/**
 * Asks the masters in turn; one that does not lead sends to the one that does.
 * @throws UserError LAB_NOT_RUNNING when none has an answer
 */
async function askMasters({ masters, client, signal }: SandboxWorld, path: string): Promise<unknown> {
  let reason = 'the lab has no master';
  for (const master of masters) {
    try {
      const { status, json } = await client.ask(`${master}${path}`, signal);
      if (status === 200 && json !== undefined) return json;
      reason = `${master}${path} answers ${status}`;
    } catch (error) {
      if (signal.aborted) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  throw new UserError({
    code: 'LAB_NOT_RUNNING',
    message: `no leading Mesos master answers at ${masters.join(', ')}`,
    found: reason,
    fix: 'start the lab: npm run up',
  });
}

/** Tasks that run and that have ended, as far as the master remembers: the newest. */
export async function knownTasks(world: SandboxWorld): Promise<readonly unknown[]> {
  return listAt(await askMasters(world, '/tasks?order=desc&limit=10000'), 'tasks');
}

/** Where an agent is. */
export interface AgentAddress {
  /** Where this machine reaches it. */
  readonly url: string;
  /** As the master has them. */
  readonly hostname: string;
  readonly port: number;
}

/**
 * The agents that the master knows; of those that are simulated the ones that have, or had, one of these tasks.
 * @throws UserError LAB_NOT_RUNNING when no master has an answer
 */
export async function agentsOf(world: SandboxWorld, taskIds: readonly string[]): Promise<readonly AgentAddress[]> {
  const all = listAt(await askMasters(world, '/slaves'), 'slaves');
  const real = all.filter((agent) => !isSimulated(agent));
  const simulated = real.length === all.length ? [] : await simulatedAgentsOf(world, all, taskIds);
  return [...real, ...simulated].map((agent) => ({
    url: urlOf(world, agent),
    hostname: textAt(agent, 'hostname') ?? '',
    port: numberAt(agent, 'port') ?? 5051,
  }));
}

/** Those of these tasks whose agent keeps what they wrote. */
export async function tasksWithOutput(world: SandboxWorld, taskIds: readonly string[]): Promise<readonly string[]> {
  const wanted = new Set(taskIds);
  const found = await Promise.all(
    (await agentsOf(world, taskIds)).map(async ({ url }) => {
      const answer = await askIfThere(world.client, `${url}/state`, world.signal);
      return sandboxesIn(answer?.json).flatMap(({ id }) => (wanted.has(id) ? [id] : []));
    }),
  );
  return found.flat();
}

const isSimulated = (agent: unknown) =>
  textAt(agent, 'attributes', simulatedAttribute.name) === simulatedAttribute.value;

/** Simulated agents are too many to be asked one by one: the master knows which of them has a task. */
async function simulatedAgentsOf(world: SandboxWorld, agents: readonly unknown[], taskIds: readonly string[]) {
  const ids = await Promise.all(
    taskIds.map(async (id) => {
      const tasks = listAt(await askMasters(world, `/tasks?task_id=${encodeURIComponent(id)}`), 'tasks');
      return tasks.map((task) => textAt(task, 'slave_id'));
    }),
  );
  const wanted = new Set(ids.flat());
  return agents.filter((agent) => isSimulated(agent) && wanted.has(textAt(agent, 'id')));
}

/** Many simulated agents are on one port, each at the path that its pid says: `slave(2)@127.0.0.1:40123`. */
function urlOf({ client }: SandboxWorld, agent: unknown): string {
  const [, path, address = ''] = /^(slave\(\d+\))@(.+)$/.exec(textAt(agent, 'pid') ?? '') ?? [];
  if (isSimulated(agent) && path !== undefined) return `${client.urlFor(address)}/${path}`;
  return client.urlFor(`${textAt(agent, 'hostname') ?? ''}:${numberAt(agent, 'port') ?? 5051}`);
}

/** Undefined when nobody answers: an agent that was lost, or a lab that was stopped. */
async function askIfThere(client: ClusterClient, url: string, signal: AbortSignal): Promise<ClusterAnswer | undefined> {
  try {
    return await client.ask(url, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
