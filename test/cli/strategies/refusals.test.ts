import { describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../../cli/apps/app-files.ts';
import { parseCommandLine } from '../../../cli/command-line/parse-command-line.ts';
import { deployByStrategy } from '../../../cli/strategies/deploy-by-strategy.ts';
import { membersOf } from '../../../cli/strategies/group-members.ts';
import { refuseOthers, refuseSeveralBalancers, refuseWithoutGroup } from '../../../cli/strategies/group-problems.ts';
import { everyApp } from '../../../cli/strategies/running-app.ts';
import { instancesOfShare, strategyOf } from '../../../cli/strategies/strategy.ts';
import { isUserError } from '../../../errors/user-error.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import { FakeColours, versionFile } from './fake-colours.ts';

const blueGreen = { kind: 'blue-green' } as const;
const { target } = new FakeColours().world().cluster;

/** The codes and messages of what an action throws, and its fixes. */
function refused(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (isUserError(error))
      return error.problems.map(
        ({ code, message, fix }) => `${code}: ${message}: ${fix === undefined ? 'no fix' : 'fix'}`,
      );
    throw error;
  }
  return [];
}

const strategy = (...words: readonly string[]) => strategyOf(parseCommandLine(['deploy', 'x.json', ...words]).line);

describe('--strategy', () => {
  it('is one of three, and a canary has one instance for a minute by itself', () => {
    expect(strategy()).toBeUndefined();
    expect(strategy('--strategy', 'rolling')).toEqual({ kind: 'rolling' });
    expect(strategy('--strategy', 'canary')).toEqual({ kind: 'canary', share: { instances: 1 }, watchMs: 60_000 });
    expect(strategy('--strategy', 'canary', '--share', '10%', '--watch-for', '5')).toEqual({
      ...{ kind: 'canary', share: { percent: 10 }, watchMs: 5000 },
    });
  });

  it.each([
    ['--strategy', 'red-black'],
    ['--strategy', 'canary', '--share', '0'],
    ['--strategy', 'canary', '--share', '100%'],
    ['--strategy', 'canary', '--share', 'half'],
    ['--strategy', 'canary', '--watch-for', '0'],
  ])('is refused with what is no value: %s %s %s %s', (...words) => {
    expect(parseCommandLine(['deploy', 'x.json', ...words]).problems).toMatchObject([{ code: 'USAGE_FLAG_VALUE' }]);
  });

  it('of something else has no flags of canaries', () => {
    expect(refused(() => strategy('--share', '1', '--watch-for', '5'))).toEqual([
      'USAGE_ARGUMENTS: --share is of a canary: fix',
      'USAGE_ARGUMENTS: --watch-for is of a canary: fix',
    ]);
  });
});

describe('the share of a canary', () => {
  it('is rounded down, and never of more instances than run', () => {
    expect(instancesOfShare({ percent: 10 }, 20, 20)).toBe(2);
    expect(instancesOfShare({ percent: 50 }, 20, 4)).toBe(2);
    expect(instancesOfShare({ percent: 34 }, 3, 3)).toBe(1);
    expect(instancesOfShare({ instances: 2 }, 3, 3)).toBe(2);
  });

  it.each<[Parameters<typeof instancesOfShare>, string]>([
    [[{ percent: 10 }, 3, 3], 'less than one instance of 3 instances'],
    [[{ instances: 3 }, 3, 3], 'no part of 3 instances'],
    [[{ instances: 1 }, 1, 1], 'no part of 1 instance'],
  ])('is refused where it is none: %j', (words, message) => {
    expect(refused(() => instancesOfShare(...words))).toEqual([expect.stringContaining(message)]);
  });
});

describe('two colours', () => {
  const lacks = (more: JsonObject) =>
    refused(() => {
      refuseWithoutGroup(versionFile('well', more), target, blueGreen);
    });
  const { labels } = versionFile('well').definition as { labels: JsonObject };

  it('are of apps alone', () => {
    const others = (['pod', 'group', 'job'] as const).map((kind) => ({ ...versionFile('well'), kind }));
    expect(
      refused(() => {
        refuseOthers(others, { kind: 'rolling' });
      }),
    ).toEqual([
      'USAGE_APP_FILE: --strategy rolling is for apps, and /web is a pod: fix',
      'USAGE_APP_FILE: --strategy rolling is for apps, and /web is a group: fix',
      'USAGE_APP_FILE: --strategy rolling is for apps, and /web is a job of Chronos: fix',
    ]);
  });

  it('go by one load balancer', () => {
    const several = (kind: 'rolling' | 'canary') =>
      refused(() => {
        refuseSeveralBalancers(kind === 'canary' ? { kind, share: { instances: 1 }, watchMs: 1 } : { kind }, 2);
      });
    expect(several('canary')).toEqual([expect.stringMatching(/^USAGE_FLAG_VALUE: .*this lab has 2/)]);
    expect(several('rolling')).toEqual([]);
  });

  it('need a load balancer', () => {
    const { loadBalancer: _, ...without } = target;
    expect(
      refused(() => {
        refuseWithoutGroup(versionFile('well'), without, blueGreen);
      }),
    ).toEqual(['LAB_NOT_RUNNING: --strategy blue-green needs a load balancer, and none of this lab runs: fix']);
  });

  it.each<[string, JsonObject]>([
    ['has no health check', { healthChecks: [] }],
    ['has no service port', { portDefinitions: [{ port: 0 }] }],
    ['has 2 service ports', { portDefinitions: [{ port: 10_000 }, { port: 10_002 }] }],
    ['has the service port 11300, at which', { portDefinitions: [{ port: 11_300 }] }],
    ['has no instances', { instances: 0 }],
    ['has no label HAPROXY_DEPLOYMENT_GROUP', { labels: { ...labels, HAPROXY_DEPLOYMENT_GROUP: '' } }],
    [
      'has the label HAPROXY_DEPLOYMENT_ALT_PORT with "10000"',
      { labels: { ...labels, HAPROXY_DEPLOYMENT_ALT_PORT: '10000' } },
    ],
    ['is not served by the load balancer: HAPROXY_GROUP is inner', { labels: { ...labels, HAPROXY_GROUP: 'inner' } }],
    [
      'is not served by the load balancer: HAPROXY_0_ENABLED is false',
      { labels: { ...labels, HAPROXY_0_ENABLED: 'false' } },
    ],
  ])('are refused for an app that %s', (message, more) => {
    expect(lacks(more)).toEqual([expect.stringMatching(new RegExp(`^USAGE_APP_FILE: /web ${message}.*: fix$`))]);
  });

  it('are refused with all that is missing at once', () => {
    expect(lacks({ labels: {}, healthChecks: [], portDefinitions: [] })).toHaveLength(4);
  });

  it('are refused beside an app that is none of them, before anything changes', async () => {
    const colours = new FakeColours();
    const world = colours.world();
    await world.marathon.ask('PUT', '/v2/apps/web', { ...versionFile('well').definition, labels: {} });
    colours.asked.length = 0;
    await expect(deployByStrategy([versionFile('better')], blueGreen, world, colours.today)).rejects.toMatchObject({
      problems: [{ code: 'USAGE_APP_FILE', message: expect.stringContaining('/web runs without the label') }],
    });
    const foreign: AppDefinition = { ...versionFile('well'), id: '/other', file: 'other.json' };
    await world.marathon.ask('PUT', '/v2/apps/web-blue', versionFile('well').definition);
    const all = await everyApp(world.marathon);
    expect(refused(() => membersOf(foreign, all))).toEqual([
      'USAGE_APP_FILE: the deployment group web is not of /other alone: fix',
    ]);
  });

  it('wait for no deployment that is in progress', async () => {
    const colours = new FakeColours();
    const world = colours.world();
    await world.marathon.ask('PUT', '/v2/apps/web', versionFile('well').definition);
    await expect(deployByStrategy([versionFile('better')], blueGreen, world, colours.today)).rejects.toMatchObject({
      problems: [{ code: 'DEPLOYMENT_IN_PROGRESS', place: { kind: 'path', path: 'better.json' } }],
    });
  });
});
