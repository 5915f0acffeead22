import { afterEach, describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../../cli/apps/app-files.ts';
import { deployByStrategy } from '../../../cli/strategies/deploy-by-strategy.ts';
import { goBack } from '../../../cli/strategies/go-back.ts';
import type { Strategy } from '../../../cli/strategies/strategy.ts';
import { FakeColours, versionFile } from './fake-colours.ts';

const blueGreen = { kind: 'blue-green' } as const;
const canary = { kind: 'canary', share: { percent: 25 }, watchMs: 9000 } as const;

async function deploy(colours: FakeColours, app: AppDefinition, strategy: Strategy = blueGreen) {
  const [done] = await deployByStrategy([app], strategy, colours.world(), colours.today);
  return done;
}

const all: FakeColours[] = [];

function newColours(): FakeColours {
  const colours = new FakeColours();
  all.push(colours);
  return colours;
}

afterEach(() => {
  expect(all.splice(0).flatMap(({ brokenOff }) => brokenOff)).toEqual([]);
});

/** With four well instances of the first version. */
async function running(): Promise<FakeColours> {
  const colours = newColours();
  await deploy(colours, versionFile('well'));
  colours.fewest = Infinity;
  return colours;
}

describe('a new version of two colours', () => {
  it('is an app with the labels of zdd, and comes alone where there is none yet', async () => {
    const colours = newColours();
    expect(await deploy(colours, versionFile('well'))).toMatchObject({ id: '/web-blue', change: 'created' });
    expect(colours.apps.get('/web-blue')?.definition).toMatchObject({
      instances: 4,
      portDefinitions: [{ port: 10_000 }],
      labels: {
        HAPROXY_0_PORT: '10000',
        HAPROXY_APP_ID: '/web',
        HAPROXY_DEPLOYMENT_COLOUR: 'blue',
        HAPROXY_DEPLOYMENT_TARGET_INSTANCES: '4',
        HAPROXY_DEPLOYMENT_NEW_INSTANCES: '0',
        HAPROXY_DEPLOYMENT_STARTED_AT: '2026-01-01T00:00:00.000',
      },
    });
  });

  it('takes the place of the one before, with as many servers as it had all the time', async () => {
    const colours = await running();
    expect(await deploy(colours, versionFile('better'))).toMatchObject({
      ...{ id: '/web-green', change: 'updated', replaced: '/web-blue', strategy: 'blue-green' },
      state: '4 of 4 running, 4 healthy',
    });
    expect(colours.instances()).toEqual({ '/web-green': 4 });
    expect(colours.apps.get('/web-green')?.definition['portDefinitions']).toEqual([{ port: 10_001 }]);
    expect([colours.fewest, colours.warnings]).toEqual([4, []]);
    await deploy(colours, versionFile('well'));
    expect(colours.apps.get('/web-blue')?.definition['portDefinitions']).toEqual([{ port: 10_000 }]);
  });

  it('ends no instance while processes of before a reload may still have its requests', async () => {
    const colours = await running();
    colours.processes = '1 2 3';
    const former: (number | undefined)[] = [];
    colours.onWait = () => {
      if (former.push(colours.instances()['/web-blue']) === 60) colours.processes = '1 3';
    };
    await deploy(colours, versionFile('better'));
    expect(former.slice(0, 60)).toEqual(Array(60).fill(4));
    expect(colours.instances()).toEqual({ '/web-green': 4 });
  });

  it('keeps as many instances as there are where its file does not say', async () => {
    const colours = await running();
    const { definition, ...app } = versionFile('better');
    const { instances: _, ...rest } = definition;
    await deploy(colours, { ...app, definition: rest });
    expect(colours.instances()).toEqual({ '/web-green': 4 });
  });

  it.each([1, 2, 3, 7, 12])('comes with %i instances, too, after four', async (instances) => {
    const colours = await running();
    await deploy(colours, versionFile('better', { instances }));
    expect(colours.instances()).toEqual({ '/web-green': instances });
    expect(colours.fewest).toBeGreaterThanOrEqual(Math.min(4, instances));
    expect(colours.warnings).toEqual([]);
  });

  it('gets nothing where it is sick, and goes', async () => {
    const colours = await running();
    await expect(deploy(colours, versionFile('sick'))).rejects.toMatchObject({
      problems: [{ code: 'DEPLOY_WENT_BACK', message: expect.stringContaining('/web-blue has all requests again') }],
    });
    expect(colours.instances()).toEqual({ '/web-blue': 4 });
    expect([colours.largestShares.get('sick'), colours.fewest]).toEqual([0, 4]);
    // What is removed has ended: another one may come at once.
    await deploy(colours, versionFile('better'));
    expect(colours.instances()).toEqual({ '/web-green': 4 });
  });

  it('takes nothing from the one before where the load balancer does not reach it, and goes', async () => {
    const colours = await running();
    await expect(deploy(colours, versionFile('unseen'))).rejects.toMatchObject({
      problems: [
        { code: 'DEPLOY_WENT_BACK', message: expect.stringContaining('sends nothing to all instances of /web-green') },
      ],
    });
    expect(colours.instances()).toEqual({ '/web-blue': 4 });
  });

  it('is not made a second time by a rollout of Marathon', async () => {
    const colours = await running();
    await expect(deploy(colours, versionFile('better'), { kind: 'rolling' })).rejects.toMatchObject({
      problems: [{ code: 'USAGE_APP_FILE', message: '/web runs as /web-blue, beside which it would be there twice' }],
    });
    expect(colours.instances()).toEqual({ '/web-blue': 4 });
  });

  it('never has more than its share as a canary that turns bad', async () => {
    const colours = await running();
    await expect(deploy(colours, versionFile('turns'), canary)).rejects.toMatchObject({
      problems: [{ code: 'DEPLOY_WENT_BACK', message: expect.stringContaining('is no longer well') }],
    });
    expect(colours.instances()).toEqual({ '/web-blue': 4 });
    expect([colours.largestShares.get('turns'), colours.fewest]).toEqual([0.25, 4]);
  });

  it('is all there after its time as a canary', async () => {
    const colours = await running();
    let mostInTime = 0;
    const start = colours.today();
    colours.onWait = () => {
      if (colours.today() - start < canary.watchMs) mostInTime = colours.largestShares.get('better') ?? 0;
    };
    await deploy(colours, versionFile('better'), canary);
    expect(mostInTime).toBe(0.25);
    expect([colours.instances(), colours.fewest]).toEqual([{ '/web-green': 4 }, 4]);
  });

  it('is not brought in twice', async () => {
    const colours = await running();
    colours.asked.length = 0;
    expect(await deploy(colours, versionFile('well'))).toMatchObject({ id: '/web-blue', change: 'unchanged' });
    expect(colours.asked).toEqual([]);
  });
});

/** Broken off at its nth wait. */
async function brokenOff(waits: number): Promise<FakeColours> {
  const colours = await running();
  let left = waits;
  colours.onWait = () => {
    left -= 1;
    if (left === 0) colours.interrupt();
  };
  await deploy(colours, versionFile('better')).catch(() => undefined);
  colours.onWait = () => undefined;
  colours.fewest = Infinity;
  return colours;
}

describe('a deploy that was broken off', () => {
  const moments = Array.from({ length: 24 }, (_, index) => 1 + index * 3);

  it('goes on with the same command, at whatever moment', async () => {
    for (const moment of moments) {
      const colours = await brokenOff(moment);
      await deploy(colours, versionFile('better'));
      expect([moment, colours.instances()]).toEqual([moment, { '/web-green': 4 }]);
      expect(colours.fewest).toBeGreaterThanOrEqual(4);
    }
  });

  it('is undone, at whatever moment, while both are there', async () => {
    let undone = 0;
    for (const moment of moments) {
      const colours = await brokenOff(moment);
      if (colours.apps.size < 2) continue;
      undone += 1;
      await goBack(colours.world(), '/web-blue', '/web-green');
      expect([moment, colours.instances()]).toEqual([moment, { '/web-blue': 4 }]);
      expect(colours.fewest).toBeGreaterThanOrEqual(4);
      expect(colours.warnings.filter((each) => each.includes('longer'))).toEqual([]);
    }
    expect(undone).toBeGreaterThan(10);
  });

  it('is in the way of another version, which says so', async () => {
    const colours = await brokenOff(9);
    await expect(deploy(colours, versionFile('turns'))).rejects.toMatchObject({
      problems: [{ code: 'DEPLOYMENT_IN_PROGRESS', fix: expect.stringContaining('rollback /web') }],
    });
  });

  it('stays as it is after Ctrl-C, with how it goes on', async () => {
    const colours = await running();
    colours.onWait = () => {
      if (colours.apps.size === 2) colours.interrupt();
    };
    await expect(deploy(colours, versionFile('better'))).rejects.toThrow('interrupted');
    expect(colours.warnings).toEqual([
      '/web-blue and /web-green stay as they are: the same command goes on, create-mesos-cluster rollback /web goes back',
    ]);
    expect(colours.apps.size).toBe(2);
  });
});
