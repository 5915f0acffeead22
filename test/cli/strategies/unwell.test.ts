import { describe, expect, it } from 'vitest';
import { Unwell } from '../../../cli/strategies/unwell.ts';

const task = (id: string, failures: number, more: object = {}) => ({
  id,
  version: '2026-01-02T00:00:00Z',
  healthCheckResults: [{ alive: failures === 0, consecutiveFailures: failures, ...more }],
});
const app = (tasks: readonly object[], more: object = {}) => ({
  id: '/web',
  version: '2026-01-03T00:00:00Z',
  versionInfo: { lastConfigChangeAt: '2026-01-02T00:00:00Z' },
  healthChecks: [{ maxConsecutiveFailures: 3 }],
  tasks,
  ...more,
});
const failure = (state: string, version: string) => ({
  lastTaskFailure: { taskId: 't', state, message: 'exit 1', version },
});
const looks = (unwell: Unwell, ...apps: readonly unknown[]) => apps.map((each) => unwell.look(each));
const strict = () => new Unwell({ mayFail: false });

describe('whether a new version is well', () => {
  it('is not told by checks that fail while it starts, fewer than Marathon allows', () => {
    expect(looks(strict(), app([task('a', 1)]), app([task('a', 2)]), app([task('a', 0)]), app([]))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('is told by as many as Marathon allows, by an instance that it has ended for them, or by one that was well', () => {
    expect(strict().look(app([task('a', 3, { lastFailureCause: 'refused' })]))).toBe(
      'an instance of /web does not become well: 3 health checks in a row failed (refused)',
    );
    expect(looks(strict(), app([task('a', 2)]), app([task('b', 0)]))[1]).toContain('was ended after its health checks');
    const once = { lastSuccess: '2026-01-02T00:00:00Z' };
    expect(looks(strict(), app([task('a', 1, once)]), app([task('a', 2, once)]))).toEqual([
      undefined,
      'an instance of /web is no longer well: 2 health checks in a row failed',
    ]);
  });

  it('is told after as many failures as the app itself says, or three where Marathon would end none', () => {
    const slow = app([task('a', 9)], { healthChecks: [{ maxConsecutiveFailures: 10 }] });
    expect(strict().look(slow)).toBeUndefined();
    expect(strict().look(app([task('a', 3)], { healthChecks: [{ maxConsecutiveFailures: 0 }] }))).toContain('3 health');
    expect(strict().look(app([task('a', 10)], { healthChecks: [{ maxConsecutiveFailures: 10 }] }))).toContain(
      '10 health',
    );
  });

  it('is told by a task that failed by itself, also after a scaling, unless it may', () => {
    const failed = app([], failure('TASK_FAILED', '2026-01-02T00:00:00Z'));
    expect(strict().look(failed)).toBe('a task of /web ended: TASK_FAILED exit 1');
    expect(new Unwell({ mayFail: true }).look(failed)).toBeUndefined();
    expect(strict().look(app([], failure('TASK_FAILED', '2026-01-01T00:00:00Z')))).toBeUndefined();
    expect(strict().look(app([], failure('TASK_LOST', '2026-01-02T00:00:00Z')))).toBeUndefined();
  });

  it('has nothing to do with tasks of an older version', () => {
    const unwell = new Unwell({ since: '2026-01-03T00:00:00Z', mayFail: true });
    expect(looks(unwell, app([task('a', 3)]), app([]))).toEqual([undefined, undefined]);
  });
});
