import { describe, expect, it } from 'vitest';
import { printJson, printNamed } from '../../../cli/logs/print-lines.ts';
import type { LogLine, LogSource } from '../../../cli/logs/log-line.ts';
import { sinceTime } from '../../../cli/logs/since.ts';
import { coloursFor } from '../../../platform/terminal.ts';

const component: LogSource = { id: 'master1', name: 'master1', family: 'master1', kind: 'component' };
const task = (id: string, family: string): LogSource => ({
  ...{ id: `${id}-whole`, name: `${id} stdout`, family, kind: 'task', stream: 'stdout', agent: 'agent1' },
});
const line = (source: LogSource, text: string): LogLine => ({
  source,
  text,
  at: Date.UTC(2026, 10, 30),
  timeOf: 'read',
});

const on = (isTerminal: boolean, env = {}) => coloursFor({ isTerminal, write: () => undefined }, env, true);

describe('lines of logs', () => {
  it('have the name of their source in front, as wide as the widest so far', () => {
    const print = printNamed(['master1'], on(false));
    expect(print([line(component, 'a')])).toBe('master1 | a\n');
    expect(print([line(component, 'b'), line(task('web.1', 'web'), 'c')])).toBe('master1      | b\nweb.1 stdout | c\n');
    expect(print([line(task('x'.repeat(40), 'x'), 'd')])).toBe(`${'x'.repeat(40)} stdout | d\n`);
    expect(print([line(component, 'e')])).toBe(`${'master1'.padEnd(32)} | e\n`);
  });

  it('may be more than a call takes arguments', () => {
    const many = Array.from({ length: 300_000 }, () => line(component, 'x'));
    expect(printNamed([], on(false))(many)).toHaveLength('master1 | x\n'.length * many.length);
  });

  it('are coloured by source on a terminal, all tasks of an app alike', () => {
    const print = printNamed(['master1'], on(true));
    const colours = [component, task('web.1', 'web'), task('web.2', 'web'), task('db.1', 'db')]
      .map((source) => print([line(source, 'x')]))
      .map((text) => /^\u001b\[(\d+)m.*\|\u001b\[39m x\n$/.exec(text)?.[1]);
    expect(colours).toEqual(['36', '32', '32', '33']);
  });

  it('are plain with NO_COLOR, and where it is no terminal', () => {
    for (const colours of [on(true, { NO_COLOR: '1' }), on(false)]) {
      expect(printNamed(['master1'], colours)([line(component, 'x')])).toBe('master1 | x\n');
    }
  });

  it('are one JSON object each for programs', () => {
    const [first, second] = printJson([line(task('web.1', 'web'), 'a "b"'), line(component, '')])
      .trim()
      .split('\n');
    expect(JSON.parse(first ?? '')).toEqual({
      ...{ time: '2026-11-30T00:00:00.000Z', timeOf: 'read', source: 'web.1-whole', kind: 'task' },
      ...{ stream: 'stdout', agent: 'agent1', line: 'a "b"' },
    });
    expect(JSON.parse(second ?? '')).toEqual({
      ...{ time: '2026-11-30T00:00:00.000Z', timeOf: 'read', source: 'master1', kind: 'component', line: '' },
    });
  });
});

describe('--since', () => {
  it.each([
    ['90s', -90_000],
    ['1h30m', -5_400_000],
    ['2d', -172_800_000],
  ])('takes %s', (text, ms) => {
    expect(sinceTime(text, 1e12)).toBe(1e12 + ms);
  });

  it('takes a time', () => {
    expect(sinceTime('2026-11-30T05:47:00Z', 0)).toBe(Date.UTC(2026, 10, 30, 5, 47));
    expect(sinceTime('2026-11-30', 0)).toBe(Date.UTC(2026, 10, 30));
  });

  it.each(['', '10', 'm', '10x', '-5m', 'yesterday', '2026-13-40', '1.5h'])('refuses %o', (text) => {
    expect(sinceTime(text, 0)).toBeUndefined();
  });
});
