import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImages, localImageNames, verifiedAgain, type DockerLab } from './support/docker-lab.ts';
import { hostEngine, leftOf, snapshotOf, type EngineSnapshot, type TestEngine } from './support/engine.ts';
import type { LabRun, StartedRun } from './support/lab-run.ts';
import { startOwnEngine, type OwnEngine } from './support/own-engine.ts';
import { untilTrue } from './support/until.ts';

/*
 * What can go wrong while a lab starts, on an Engine of the tests' own: a clear error, the right exit code, and nothing
 * left.
 */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

/** A lab that is gone after the test, whatever happens. */
async function testLab(spec: Readonly<Record<string, unknown>>, engine: TestEngine): Promise<DockerLab> {
  const lab = await dockerLab({ counts: { agents: 1 }, ...spec }, engine);
  onTestFinished(() => lab.remove());
  return lab;
}

const up = (lab: DockerLab) => lab.run('up', '--runtime', 'docker');

/** `up` has made so many containers. A quick machine makes the rest of them within half a second. */
const untilContainers = (lab: DockerLab, count: number) =>
  untilTrue(`${String(count)} containers`, 60_000, async () => (await lab.containers()).length >= count, 10);

/** What `up` has come to when something happens to it. On a pipe it says each step when that is done. */
const moments = {
  'has chosen the runtime': (run: StartedRun) => run.says('Runtime docker'),
  'has made the first container': (_: StartedRun, lab: DockerLab) => untilContainers(lab, 1),
  'has started the containers': (run: StartedRun) => run.says('✓ Starting'),
  'has a quorum': (run: StartedRun) => run.says('✓ ZooKeeper has a quorum'),
  'has a ready cluster': (run: StartedRun) => run.says('✓ The load balancer serves'),
  'has deployed an app of verify': (run: StartedRun) => run.says('✓ basic-0 is deployed'),
};

/** An error for people: its code, what it is about, and no stack. */
const expectFailure = ({ status, stderr }: LabRun, exitCode: number, code: string, words: RegExp) => {
  expect([status, stderr]).toEqual([exitCode, expect.stringContaining(code)]);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
};

describe.skipIf(!hasDocker)('up', () => {
  let engine: OwnEngine;
  let before: Omit<EngineSnapshot, 'images'>;

  const withoutImages = ({ containers, networks, volumes }: EngineSnapshot) => ({
    containers,
    // An Engine makes its own bridge anew when it starts.
    networks: networks.map((line) => line.replace(/^bridge .*/, 'bridge')),
    volumes,
  });
  const expectNothingLeft = async () => {
    expect(withoutImages(await snapshotOf(engine))).toEqual(before);
  };

  beforeAll(async () => {
    engine = await startOwnEngine(localImageNames);
    before = withoutImages(await snapshotOf(engine));
  });
  afterAll(() => engine.remove());

  it('names the image that cannot be pulled, before it starts anything', async () => {
    const images = {
      ...localImages,
      overrides: { ...localImages.overrides, zookeeper: { image: 'registry.invalid/zoo:1' } },
    };
    const run = await up(await testLab({ images }, engine));
    expectFailure(run, 3, 'IMAGE', /registry\.invalid\/zoo:1/);
    await expectNothingLeft();
  });

  it('names the port that is taken and who holds it', async () => {
    const lab = await testLab({}, hostEngine);
    const server = createServer().listen(8080 + lab.portOffset, '127.0.0.1');
    onTestFinished(() => {
      server.close();
    });
    const run = await up(lab);
    expectFailure(
      run,
      3,
      'MACHINE_PORT_TAKEN',
      new RegExp(`${String(8080 + lab.portOffset)}[\\s\\S]*${String(process.pid)}`),
    );
    expect(await leftOf(hostEngine, lab.name)).toEqual([]);
  });

  it.each(Object.entries(moments))('cleans up when Ctrl-C comes as it %s', async (_, moment) => {
    const lab = await testLab({}, engine);
    const run = lab.start('up', '--runtime', 'docker');
    await moment(run, lab);
    run.interrupt();
    const { status, stderr } = await run.ended;
    expect(status, stderr).toBe(130);
    expect(stderr).toMatch(/interrupted/i);
    await expectNothingLeft();
  });

  const worst = ['has made the first container', 'has deployed an app of verify'] as const;
  it.each(worst)('leaves to down what a kill -9 leaves as it %s', async (moment) => {
    const lab = await testLab({}, engine);
    const run = lab.start('up', '--runtime', 'docker');
    await moments[moment](run, lab);
    run.kill('SIGKILL');
    await run.ended;
    const down = await lab.run('down');
    expect(down.status, down.stderr).toBe(0);
    await expectNothingLeft();
  });

  it('starts afresh after a kill -9', async () => {
    const lab = await testLab({}, engine);
    const run = lab.start('up', '--runtime', 'docker');
    await untilContainers(lab, 3);
    run.kill('SIGKILL');
    await run.ended;
    const again = await up(lab);
    expect(again.status, again.stderr).toBe(0);
    expect((await lab.run('down')).status).toBe(0);
    await expectNothingLeft();
  });

  it('says that the Engine has gone in the middle, and down cleans up when it is back', async () => {
    const lab = await testLab({}, engine);
    const run = lab.start('up', '--runtime', 'docker');
    await untilContainers(lab, 3);
    await engine.end();
    const { status, stderr, ms } = await run.ended;
    expect([3, 4], stderr).toContain(status);
    expect(stderr).toMatch(/docker/i);
    expect(stderr).toMatch(/down/);
    expect(ms).toBeLessThan(120_000);
    await engine.start();
    const down = await lab.run('down');
    expect(down.status, down.stderr).toBe(0);
    await expectNothingLeft();
  });

  it('comes back by itself when the Engine is restarted', { timeout: 240_000 }, async () => {
    const lab = await testLab({ counts: { agents: 2 } }, engine);
    expect((await up(lab)).status).toBe(0);
    await engine.end();
    expect((await lab.run('status')).status).not.toBe(0);
    await engine.start();
    const rest = async () =>
      (await lab.containers()).filter(({ state }) => state !== 'running').map(({ service }) => service);
    await expect.poll(rest, { timeout: 60_000, interval: 500 }).toEqual([]);
    await verifiedAgain(lab, 60_000);
    expect((await lab.run('down')).status).toBe(0);
    await expectNothingLeft();
  });
});

describe.skipIf(!hasDocker)('up on a full disk', () => {
  let engine: OwnEngine;
  beforeAll(async () => {
    engine = await startOwnEngine(localImageNames, { volumesMb: 4 });
  });
  afterAll(() => engine.remove());

  it('says so, and leaves nothing', async () => {
    const { images: _, ...before } = await snapshotOf(engine);
    const lab = await testLab({}, engine);
    engine.fillVolumes();
    const run = await up(lab);
    expectFailure(run, 4, '', /no space left on device/i);
    expect(run.ms).toBeLessThan(60_000);
    const { images: __, ...after } = await snapshotOf(engine);
    expect(after).toEqual(before);
  });
});
