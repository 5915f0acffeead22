import type { ClusterAnswer, ClusterClient } from '../../checks/cluster-client.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import { simulatedAttribute } from '../../protocol/mesos-defaults.ts';
import { UserError } from '../../errors/user-error.ts';
import type { GrowingText } from '../../platform/follow-text.ts';

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

/** The output files of tasks, from the agents they run on (or ran on, as long as the agent keeps them). */
export async function taskOutputs(world: SandboxWorld, taskIds: readonly string[]): Promise<readonly GrowingText[]> {
  const wanted = new Set(taskIds);
  const all = listAt(await askMasters(world, '/slaves'), 'slaves');
  const real = all.filter((agent) => !isSimulated(agent));
  const simulated = real.length === all.length ? [] : await simulatedAgentsOf(world, all, taskIds);
  const found = await Promise.all(
    [...real, ...simulated].map(async (agent) => {
      const url = urlOf(world, agent);
      const answer = await askIfThere(world.client, `${url}/state`, world.signal);
      return executorsOf(answer?.json).flatMap((executor) => {
        const [id = '', directory = ''] = [textAt(executor, 'id'), textAt(executor, 'directory')];
        if (!wanted.has(id)) return [];
        return ['stdout', 'stderr'].map((file) => outputFile(world, `${id} ${file}`, url, `${directory}/${file}`));
      });
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

/** A task without an executor of its own has one of the same id (Mesos's command executor). */
function executorsOf(state: unknown): readonly unknown[] {
  return [...listAt(state, 'frameworks'), ...listAt(state, 'completed_frameworks')].flatMap((framework) => [
    ...listAt(framework, 'executors'),
    ...listAt(framework, 'completed_executors'),
  ]);
}

/** `/files/read` of an agent (docs/endpoints/files/read.md of Mesos). */
function outputFile({ client, signal }: SandboxWorld, name: string, agent: string, path: string): GrowingText {
  return {
    id: name,
    readFrom: async (offset) => {
      const query = new URLSearchParams({ path, offset: String(offset) });
      const answer = await askIfThere(client, `${agent}/files/read?${query.toString()}`, signal);
      if (answer === undefined) return undefined;
      // A task that has not written anything has no file yet.
      if (answer.status !== 200) return { text: '', next: offset };
      const data = textAt(answer.json, 'data') ?? '';
      return { text: data, next: offset + Buffer.byteLength(data) };
    },
  };
}
