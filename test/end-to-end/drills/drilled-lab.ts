import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { DrillRun } from '../../../checks/drills/report/drill-report.ts';
import { testLab, type TestLab } from '../lab-process.ts';

/** An agent is given up after two pings of a second: 2 s to 3 s. */
export const ha = `counts:
  masters: 3
  agents: 3
mesos:
  master:
    flags:
      agent_ping_timeout: 1secs
      max_agent_ping_timeouts: 2
`;

/** Its agents look at sandboxes every 200 ms, and end what has too much. */
export const haWithQuotas = `${ha}  agent:
    flags:
      isolation: posix/cpu,posix/mem,disk/du
      enforce_container_disk_quota: true
      container_disk_watch_interval: 200ms
`;

export interface Report {
  readonly drill: string;
  readonly runtime: string;
  readonly runs: readonly DrillRun[];
  readonly statistics: readonly { readonly milestone: string; readonly reached: number }[];
}

export const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 60_000, interval: 20 });

export async function startedLab(spec = ha): Promise<TestLab> {
  const lab = await testLab(spec);
  const { status, stderr } = await lab.run('up');
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  return lab;
}

/** Runs a drill that recovers, and says what it reports. */
export async function report(lab: TestLab, ...words: readonly string[]): Promise<Report> {
  const { status, stdout, stderr } = await lab.run('drill', ...words, '--json');
  expect([words, status, stderr]).toEqual([words, 0, expect.any(String)]);
  return JSON.parse(stdout) as Report;
}

export const recordOf = (lab: TestLab) => join(lab.directory, '.mesos-cluster/drill.json');
export const balancerOf = (lab: TestLab) => `http://127.0.0.1:${lab.ports.master + 35}`;
const marathonOf = (lab: TestLab) => `http://127.0.0.1:${lab.ports.marathon}`;

async function appsOf(lab: TestLab): Promise<readonly string[]> {
  const { apps } = (await (await fetch(`${marathonOf(lab)}/v2/apps`)).json()) as { apps: { id: string }[] };
  return apps.map(({ id }) => id);
}

/** That all is as it was: nothing is down, nothing of a drill is left. */
export async function expectHealed(lab: TestLab): Promise<void> {
  const { stdout, status } = await lab.run('status', '--json');
  const { components } = JSON.parse(stdout) as { components: { id: string; ok: boolean; state: string }[] };
  expect([status, components.filter(({ ok }) => !ok)]).toEqual([0, []]);
  expect(await appsOf(lab)).toEqual([]);
  expect(existsSync(recordOf(lab))).toBe(false);
}

export const milestonesOf = ({ milestones }: DrillRun) =>
  milestones.map(({ milestone, measuredMs }) => [milestone, typeof measuredMs]);
