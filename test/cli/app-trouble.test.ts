import { describe, expect, it } from 'vitest';
import { podAsApp } from '../../cli/apps/look-at-pod.ts';
import { troubleOf } from '../../cli/apps/app-trouble.ts';

const version = '2026-11-20T12:04:55.710Z';
const app = (more: object = {}) => ({ id: '/crash', instances: 1, tasksRunning: 0, version, ...more });
const lastTaskFailure = { version, state: 'TASK_FAILED', message: 'Container exited with status 3' };
const queue = (more: object) => ({ queue: [{ app: { id: '/other' } }, { app: { id: '/crash' }, ...more }] });

describe('why instances of an app are missing', () => {
  it('is the last failure, and when the next one is tried', () => {
    const waiting = queue({ delay: { timeLeftSeconds: 11.2, overdue: false } });
    expect(troubleOf(app({ lastTaskFailure }), waiting, {})).toBe(
      'failed: Container exited with status 3; next try in 12 s',
    );
  });

  it('is what no offer has', () => {
    const rejectSummaryLastOffers = [
      { reason: 'UnfulfilledConstraint', declined: 2, processed: 2 },
      { reason: 'InsufficientCpus', declined: 0, processed: 0 },
    ];
    const constraints = [['hostname', 'UNIQUE']];
    const refused = queue({
      app: { id: '/crash', constraints },
      processedOffersSummary: { rejectSummaryLastOffers },
    });
    expect(troubleOf(app(), refused, {})).toBe('no offer fits: 2 agents: constraint not met (hostname UNIQUE)');
  });

  it('is not the failure of an older version, and nothing when nothing is missing', () => {
    expect(
      troubleOf(app({ lastTaskFailure: { ...lastTaskFailure, version: 'older' } }), queue({}), {}),
    ).toBeUndefined();
    expect(troubleOf(app({ lastTaskFailure, tasksRunning: 1 }), undefined, {})).toBeUndefined();
  });

  it.each([
    ['the last failure of a pod', '2026-11-20T12:05:00.000Z', 'failed: Command exited with status 127'],
    ['not the failure of a pod before its newest version', '2026-11-20T12:04:00.000Z', undefined],
  ])('is %s, whose history does not say of which version it was', (_, terminatedAt, trouble) => {
    const status = {
      id: '/crash',
      spec: { version, scaling: { kind: 'fixed', instances: 1 } },
      instances: [],
      terminationHistory: [{ terminatedAt, message: 'Command exited with status 127', containers: [] }],
    };
    expect(troubleOf(podAsApp(status, []), queue({}), {})).toBe(trouble);
  });
});
