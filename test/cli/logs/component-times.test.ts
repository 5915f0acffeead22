import { describe, expect, it } from 'vitest';
import { ComponentTimes } from '../../../cli/logs/component-times.ts';

/** Adds lines, `[text, time]`, of one component and of another. */
function timed(...lines: readonly (readonly [id: string, text: string, at?: number])[]) {
  const told: string[] = [];
  const times = new ComponentTimes(
    ({ source, text, at, timeOf }) => told.push(`${source.id} ${text} ${at} ${timeOf}`),
    () => 99,
  );
  for (const [id, text, at] of lines) times.add(id, text, at);
  return { told, times };
}

describe('the time of a line without one', () => {
  it('is that of the line before it, of the same component', () => {
    expect(timed(['a', 'error', 5], ['b', 'x', 7], ['a', '  at stack']).told).toEqual([
      ...['a error 5 line', 'b x 7 line', 'a   at stack 5 line'],
    ]);
  });

  it('is that of the first line with one where a log begins without, as the files of glog do', () => {
    const { told } = timed(['a', 'Log file created at:'], ['b', 'x', 7], ['a', 'started', 5]);
    expect(told).toEqual(['b x 7 line', 'a Log file created at: 5 line', 'a started 5 line']);
  });

  it('is now where there is none when all that was there has been read', () => {
    const { told, times } = timed(['a', 'plain']);
    expect(told).toEqual([]);
    times.release();
    times.add('a', 'more', undefined);
    expect(told).toEqual(['a plain 99 read', 'a more 99 read']);
  });
});
