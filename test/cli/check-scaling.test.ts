import { describe, expect, it } from 'vitest';
import { checkScaling } from '../../cli/apps/check-scaling.ts';
import type { AppDefinition } from '../../cli/apps/app-files.ts';
import { isUserError } from '../../errors/user-error.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';

const withAutoscaler = planCluster({ name: 'lab', addons: ['autoscaler'] });
const without = planCluster({ name: 'lab', addons: ['chronos'] });
const good = { AUTOSCALE_MAX: '4', AUTOSCALE_METRIC: 'cpu', AUTOSCALE_TARGET: '50' };

const app = (id: string, labels: Readonly<Record<string, string>>) => ({ id, cmd: 'sleep 1', labels });
const defined = (definition: object, kind: AppDefinition['kind'] = 'app') =>
  ({ kind, id: '/x', file: 'apps/x.json', definition, apps: [] }) as AppDefinition;

function problemsOf(...definitions: readonly AppDefinition[]) {
  try {
    checkScaling(definitions, withAutoscaler);
  } catch (error) {
    if (isUserError(error)) return error.problems;
    throw error;
  }
  return [];
}

describe('the labels of apps that are deployed', () => {
  it('are fine where they say what the autoscaler understands, or nothing', () => {
    expect(checkScaling([defined(app('/a', good)), defined({ id: '/b' })], withAutoscaler)).toBeUndefined();
    expect(checkScaling([defined({ id: '/b' })], without)).toBeUndefined();
  });

  it('are refused with all mistakes of all apps, of those in groups too', () => {
    const group = { id: '/g', groups: [{ id: 'h', apps: [app('web', { AUTOSCALE_MAX: '0' })] }] };
    const problems = problemsOf(defined(app('/shop', { ...good, AUTOSCALE_MIN: '9' })), defined(group, 'group'));
    expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'USAGE_APP_FILE: /shop cannot be scaled by itself: AUTOSCALE_MIN is above AUTOSCALE_MAX',
      'USAGE_APP_FILE: web cannot be scaled by itself: AUTOSCALE_MAX is not what it may be',
      'USAGE_APP_FILE: web cannot be scaled by itself: AUTOSCALE_METRIC is missing',
      'USAGE_APP_FILE: web cannot be scaled by itself: AUTOSCALE_TARGET is missing',
    ]);
    expect(problems[0]).toMatchObject({
      place: { kind: 'path', path: 'apps/x.json' },
      fix: expect.any(String) as string,
    });
  });

  it('have no effect on a pod, which is said', () => {
    expect(checkScaling([defined(app('/p', good), 'pod'), defined(app('/a', good))], withAutoscaler)).toBe(
      'The labels AUTOSCALE_… of /p have no effect: pods are not scaled',
    );
  });

  it('are found also where they are numbers, which Marathon refuses in its words', () => {
    const numbers = { ...good, AUTOSCALE_MAX: 4 as unknown as string };
    expect(problemsOf(defined(app('/a', numbers)))).toEqual([]);
  });

  it('have no effect where there is no autoscaler, which is said', () => {
    expect(checkScaling([defined(app('/a', good))], without)).toBe(
      'The labels AUTOSCALE_… of /a have no effect: this lab has no autoscaler (addons: [chronos, autoscaler])',
    );
  });
});
