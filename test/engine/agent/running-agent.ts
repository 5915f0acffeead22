import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import type { AgentOptions } from '../../../engine/agent/agent-options.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { fixedLeader } from '../../../engine/discovery/in-memory-discovery.ts';
import { nodeProcesses, type Processes } from '../../../platform/processes/processes.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import type { TaskInfo, TaskStatus } from '../../../protocol/mesos.ts';
import { startFakeMaster, type FakeMaster } from './fake-master.ts';

export const world = { log: () => undefined, processes: nodeProcesses, sandboxes: nodeSandboxes };

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export const agentOptions = (
  master: Pick<FakeMaster, 'candidate'>,
  more: Partial<AgentOptions> = {},
): AgentOptions => ({
  host: '127.0.0.1',
  port: 0,
  hostname: 'agent1',
  masters: fixedLeader(master.candidate),
  resources: 'cpus:2;mem:1024;disk:1000;ports:[31000-32000]',
  attributes: 'rack:abc;level:10',
  workDir: temporaryFolder(),
  version: '1.11.0',
  dockerTasks: 'simulated',
  statusRetryMs: 50,
  registrationBackoffMs: 20,
  ...more,
});

/** A real agent, registered with a fake master; both end with the test. */
export async function startTestAgent(
  more: Partial<AgentOptions> = {},
  acknowledges = true,
  log: string[] = [],
  processes: Processes = nodeProcesses,
) {
  const master = await startFakeMaster({ acknowledges });
  const options = agentOptions(master, more);
  const agent = await startAgent(options, { ...world, processes, log: (line) => log.push(line) });
  onTestFinished(async () => {
    await agent.stop();
    await master.close();
  });
  await waitFor(() => {
    expect(master.registrations).toHaveLength(1);
  });
  return { master, agent, options };
}

export const waitFor = (assertion: () => void | Promise<void>) =>
  vi.waitFor(assertion, { timeout: 18_000, interval: 10 });

/** Waits until a task is in a state, and returns the update that said so. */
export async function stateOf(master: FakeMaster, taskId: string, state: string): Promise<TaskStatus> {
  let found: TaskStatus | undefined;
  await waitFor(() => {
    found = master.updates.find((status) => status.task_id.value === taskId && status.state === state);
    const states = master.updates.filter((status) => status.task_id.value === taskId).map((status) => status.state);
    expect(found, `${state} among ${states.join(', ')}`).toBeDefined();
  });
  return found as TaskStatus;
}

export const commandTask = (id: string, value: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: { value: 'fake-master-S0' },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
  ],
  command: { shell: true, value },
  ...more,
});

/** JSON of which a test says what it expects. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export const parseLoosely = (text: string): Loose => JSON.parse(text);

export async function getJson(url: string): Promise<Loose> {
  const response = await fetch(url);
  expect(response.status, url).toBe(200);
  return parseLoosely(await response.text());
}

/** Directory of a task's sandbox, by the agent's state. */
export async function sandboxOf(agentUrl: string, taskId: string): Promise<string> {
  const state = await getJson(`${agentUrl}/state`);
  for (const framework of [...state.frameworks, ...state.completed_frameworks]) {
    for (const executor of [...framework.executors, ...framework.completed_executors]) {
      if (executor.id === taskId) return executor.directory as string;
    }
  }
  throw new Error(`There is no task ${taskId}`);
}

/** Whether a process runs; one that has ended and only waits for its parent to take note does not. */
export const isAlive = (id: number): boolean => {
  const status = spawnSync('ps', ['-o', 'stat=', '-p', String(id)], { encoding: 'utf8' }).stdout.trim();
  return status !== '' && !status.startsWith('Z');
};
