import { readFileSync } from 'node:fs';
import type { AgentOptions } from '../../../../engine/agent/agent-options.ts';
import type { CommandUri, TaskStatus } from '../../../../protocol/mesos.ts';
import { commandTask, sandboxOf, startTestAgent, waitFor } from '../running-agent.ts';
import { expect } from 'vitest';

export type TestAgent = Awaited<ReturnType<typeof startTestAgent>>;

/** Runs a command with URIs until it has ended. */
export async function runFetching(
  { master, agent }: TestAgent,
  id: string,
  uris: readonly CommandUri[],
  value = 'true',
): Promise<{ readonly status: TaskStatus; readonly sandbox: string; readonly read: (name: string) => string }> {
  master.run(commandTask(id, value, { command: { shell: true, value, uris } }));
  let status: TaskStatus | undefined;
  await waitFor(() => {
    const ends = ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'];
    status = master.updates.find((update) => update.task_id.value === id && ends.includes(update.state));
    expect(status).toBeDefined();
  });
  const sandbox = await sandboxOf(agent.url, id);
  return { status: status as TaskStatus, sandbox, read: (name) => readFileSync(`${sandbox}/${name}`, 'utf8') };
}

/** The same, by an agent of its own. */
export const fetchAlone = async (uris: readonly CommandUri[], value?: string, options: Partial<AgentOptions> = {}) =>
  runFetching(await startTestAgent(options), 'fetches', uris, value);
