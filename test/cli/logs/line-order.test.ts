import { describe, expect, it } from 'vitest';
import { LineOrder } from '../../../cli/logs/line-order.ts';
import type { LogLine } from '../../../cli/logs/log-line.ts';

const sources = new Map<string, LogLine['source']>();

function line(id: string, at: number, text = `${id} at ${at}`): LogLine {
  const source = sources.get(id) ?? { id, name: id, family: id, kind: 'component' };
  sources.set(id, source);
  return { source, text, at, timeOf: 'line' };
}

function ordered(lines: readonly LogLine[], { now = 1000, until = Infinity } = {}): readonly string[] {
  const order = new LineOrder();
  for (const each of lines) order.add(each, now);
  return order.take(until).map(({ text }) => text);
}

describe('the order of lines', () => {
  it('is that of their times, whichever source they are from', () => {
    expect(ordered([line('a', 1), line('a', 4), line('b', 2), line('c', 3)])).toEqual([
      ...['a at 1', 'b at 2', 'c at 3', 'a at 4'],
    ]);
  });

  it('is that in which they came where times are the same, and within a source', () => {
    expect(ordered([line('b', 2), line('a', 2)])).toEqual(['b at 2', 'a at 2']);
    expect(ordered([line('a', 5), line('a', 1), line('b', 3)])).toEqual(['b at 3', 'a at 5', 'a at 1']);
  });

  it('takes no line for one of the future', () => {
    expect(ordered([line('ahead', 9000), line('a', 900)], { until: 1000 })).toEqual(['a at 900', 'ahead at 9000']);
  });

  it('holds what is younger than asked for', () => {
    const order = new LineOrder();
    for (const at of [1, 7, 3]) order.add(line(`s${at}`, at), 10);
    expect(order.take(5).map(({ at }) => at)).toEqual([1, 3]);
    order.add(line('late', 2), 10);
    expect(order.take().map(({ at }) => at)).toEqual([2, 7]);
    expect(order.take()).toEqual([]);
  });
});
