import { describe, expect, it } from 'vitest';
import { readApps } from '../../../engine/load-balancer/marathon-app.ts';
import { serviceTable } from '../../../engine/load-balancer/service-table.ts';
import { fakeApp, fakeTask } from './fake-marathon.ts';

const table = (...apps: readonly unknown[]) =>
  serviceTable(readApps({ apps }), { groups: ['external'], hosts: {}, wasServing: () => false });

/** An app as zdd.py makes it of the group `/shop`: both colours have the service port of the first one as label. */
const coloured = (colour: string, startedAt: string, tasks: readonly number[], target: number, more: object = {}) => ({
  ...fakeApp({
    id: `/shop-${colour}`,
    servicePort: colour === 'blue' ? 10_000 : 10_001,
    tasks,
    labels: {
      HAPROXY_GROUP: 'external',
      HAPROXY_DEPLOYMENT_GROUP: 'shop',
      HAPROXY_0_PORT: '10000',
      HAPROXY_DEPLOYMENT_STARTED_AT: startedAt,
      HAPROXY_DEPLOYMENT_NEW_INSTANCES: '0',
      HAPROXY_DEPLOYMENT_TARGET_INSTANCES: String(target),
    },
  }),
  instances: tasks.length,
  ...more,
});

const states = (services: ReturnType<typeof table>) =>
  services.map(({ name, servers }) => [
    name,
    servers.map(({ port, isDraining }) => `${port}${isDraining ? ' drains' : ''}`),
  ]);

describe('apps of one deployment group', () => {
  it('are one service, in which as many old tasks drain as new ones are there beyond need', () => {
    const blue = coloured('blue', '2026-01-01T10:00:00', [31_001, 31_002, 31_003], 3);
    const green = (tasks: readonly number[]) => coloured('green', '2026-01-02T10:00:00', tasks, 3);
    expect(states(table(blue, green([])))).toEqual([['shop_10000', ['31001', '31002', '31003']]]);
    expect(states(table(green([31_011]), blue))).toEqual([['shop_10000', ['31001 drains', '31002', '31003', '31011']]]);
    expect(states(table(blue, green([31_011, 31_012, 31_013])))).toEqual([
      ['shop_10000', ['31001 drains', '31002 drains', '31003 drains', '31011', '31012', '31013']],
    ]);
    expect(states(table(green([31_011])))).toEqual([['shop_10000', ['31011']]]);
  });

  it('drain nothing for a new task that is not healthy, nor below the target', () => {
    const blue = coloured('blue', '2026-01-01T10:00:00', [31_001, 31_002], 2);
    const sick = { tasks: [fakeTask('/shop-green', 31_011, 'TASK_RUNNING', false)], instances: 1 };
    const green = coloured('green', '2026-01-02T10:00:00', [], 2, sick);
    expect(states(table(blue, green))).toEqual([['shop_10000', ['31001', '31002']]]);
    expect(states(table(blue, coloured('green', '2026-01-02T10:00:00', [31_011], 9)))).toEqual([
      ['shop_10000', ['31001', '31002', '31011']],
    ]);
  });

  it('drain the one scaled less recently, and where zdd.py made neither all but one of the older app', () => {
    const scaledAt = (month: number) => ({ versionInfo: { lastScalingAt: `2026-0${month}-01T00:00:00Z` } });
    const blue = coloured('blue', '2026-01-01T10:00:00', [31_001, 31_002], 2, scaledAt(3));
    const green = coloured('green', '2026-01-02T10:00:00', [31_011], 2, scaledAt(2));
    expect(states(table(blue, green))).toEqual([['shop_10000', ['31001', '31002', '31011 drains']]]);
    const { HAPROXY_DEPLOYMENT_NEW_INSTANCES: _, ...labels } = green.labels;
    expect(states(table(blue, { ...green, labels }))).toEqual([['shop_10000', ['31001 drains', '31002', '31011']]]);
  });

  it('leave apps of no group as they are', () => {
    const other = fakeApp({ id: '/other', servicePort: 10_005, tasks: [31_020] });
    expect(states(table(coloured('blue', '2026-01-01T10:00:00', [31_001], 1), other))).toEqual([
      ['shop_10000', ['31001']],
      ['other_10005', ['31020']],
    ]);
  });
});
