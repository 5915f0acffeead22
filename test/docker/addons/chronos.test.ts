import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { dockerLab, localImages, upAndVerified, type DockerLab } from '../support/docker-lab.ts';
import type { LabRun } from '../support/lab-run.ts';
import { untilTrue } from '../support/until.ts';

const waitMs = 60_000;
const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

describe.skipIf(!hasDocker)('a lab of set lite with Chronos', () => {
  let lab: DockerLab;
  let up: LabRun;
  beforeAll(async () => {
    lab = await dockerLab({ preset: 'single', agentDocker: 'socket', timing: 'fast', addons: ['chronos'] });
    up = await upAndVerified(lab);
  });
  afterAll(() => lab.remove());

  const url = () => `http://127.0.0.1:${4400 + lab.portOffset}/v1/scheduler`;
  const successes = async (name: string) => {
    const answer = await fetch(`${url()}/job/${name}`);
    return ((await answer.json()) as { readonly successCount: number }).successCount;
  };
  const submit = (job: object) =>
    fetch(`${url()}/iso8601`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ cpus: 0.1, mem: 32, disk: 1, ...job }),
    });

  it('comes up, and a job has run', async () => {
    expect(up.stdout).toMatch(/✓ a job of Chronos runs/);
    expect((await lab.run('status')).stdout).toMatch(/^chronos +chronos +serves/m);
  });

  it('runs commands and containers, and goes on from ZooKeeper when its container was killed', async () => {
    expect((await submit({ name: 'tick', command: 'echo tick', schedule: 'R//PT1S' })).status).toBe(204);
    const container = { type: 'DOCKER', image: localImages.build.base };
    expect((await submit({ name: 'inside', command: 'echo inside', schedule: 'R1//PT1H', container })).status).toBe(
      204,
    );
    await untilTrue(
      'runs of both',
      waitMs,
      async () => (await successes('tick')) > 1 && (await successes('inside')) === 1,
    );
    const before = await successes('tick');
    expect((await lab.run('kill', 'chronos')).status).toBe(0);
    expect((await lab.run('start', 'chronos')).status).toBe(0);
    await untilTrue('more runs', waitMs, async () => (await successes('tick')) > before);
    expect(await successes('inside')).toBe(1);
  });
});
