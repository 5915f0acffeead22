import { describe, expect, it } from 'vitest';
import { scalingOrder } from '../../../engine/marathon/deployments/kill-order.ts';
import type { Instance } from '../../../engine/marathon/scheduling/instances.ts';
import type { App, Constraint } from '../../../protocol/marathon.ts';

const app = (killSelection: string, constraints: readonly Constraint[] = []) =>
  ({ killSelection, constraints }) as unknown as App;

const instance = (name: string, more: Partial<Instance> = {}): Instance => ({
  ...{ id: name, taskId: name, appId: '/x', version: 'v', agentId: 'S', host: 'h', attributes: {}, hostPorts: [] },
  ...{ ipAddresses: [], condition: 'Running', state: 'TASK_RUNNING', goal: 'Running', stagedAt: 0, startedAt: 0 },
  ...more,
});

const order = (of: App, instances: readonly Instance[], count: number) =>
  scalingOrder(of, instances, count)
    .slice(0, count)
    .map(({ taskId }) => taskId);

describe('the order in which a scaling ends instances', () => {
  const ages = [1, 2, 3].map((at) => instance(`i${at}`, { stagedAt: 10 - at, startedAt: at }));

  it('is that of killSelection, by the time since when they run', () => {
    expect(order(app('YOUNGEST_FIRST'), ages, 2)).toEqual(['i3', 'i2']);
    expect(order(app('OLDEST_FIRST'), ages, 2)).toEqual(['i1', 'i2']);
  });

  it('has first what is out of reach, then what is staging and starting, whatever its age', () => {
    const others = [
      instance('starting', { condition: 'Starting', stagedAt: 0 }),
      instance('staging', { condition: 'Staging', stagedAt: 50 }),
      instance('unreachable', { condition: 'Unreachable', startedAt: 7 }),
    ];
    expect(order(app('OLDEST_FIRST'), [...ages, ...others], 4)).toEqual(['unreachable', 'staging', 'starting', 'i1']);
  });

  it('keeps what GROUP_BY has evened out even, before it looks at ages', () => {
    const on = (rack: string, name: string, startedAt: number) => instance(name, { attributes: { rack }, startedAt });
    const racks = [on('a', 'a1', 1), on('a', 'a2', 2), on('b', 'b1', 8), on('b', 'b2', 9), on('c', 'c1', 5)];
    const grouped = app('YOUNGEST_FIRST', [['rack', 'GROUP_BY']]);
    const left = racks.filter(({ taskId }) => !order(grouped, racks, 2).includes(taskId));
    expect(left.map(({ attributes }) => attributes['rack']).sort()).toEqual(['a', 'b', 'c']);
    expect(order(app('YOUNGEST_FIRST', [['rack', 'UNIQUE']]), racks, 2)).toEqual(['b2', 'b1']);
  });

  it('minds several constraints at once', () => {
    const on = (name: string, rack: string, zone: string) => instance(name, { attributes: { rack, zone } });
    const all = [on('1', 'a', 'x'), on('2', 'a', 'y'), on('3', 'b', 'x'), on('4', 'a', 'x')];
    const constraints: readonly Constraint[] = [
      ['rack', 'GROUP_BY'],
      ['zone', 'GROUP_BY'],
    ];
    const killed = order(app('YOUNGEST_FIRST', constraints), all, 2);
    const left = all.filter(({ taskId }) => !killed.includes(taskId)).map(({ attributes }) => attributes);
    expect(new Set(left.map(({ rack }) => rack)).size).toBe(2);
    expect(new Set(left.map(({ zone }) => zone)).size).toBe(2);
  });

  it('takes thousands without looking at each of them for each', () => {
    const many = Array.from({ length: 6000 }, (_, index) =>
      instance(`m${index}`, { attributes: { host: `h${index % 7}` }, startedAt: index }),
    );
    const killed = new Set(order(app('YOUNGEST_FIRST', [['host', 'GROUP_BY']]), many, 3000));
    const left = many.filter(({ taskId }) => !killed.has(taskId)).map(({ attributes }) => attributes['host']);
    const sizes = [0, 1, 2, 3, 4, 5, 6].map((host) => left.filter((each) => each === `h${host}`).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
});
