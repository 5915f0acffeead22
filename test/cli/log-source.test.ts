import { describe, expect, it } from 'vitest';
import { showLogs, type LogSource } from '../../cli/log-source.ts';

/** A source that has more text at each look, and is gone after the last. */
function fakeSource(name: string, ...texts: readonly string[]): LogSource {
  let look = 0;
  return {
    name,
    readFrom: (offset) => {
      const text = texts[look++];
      return Promise.resolve(text === undefined ? undefined : { text, next: offset + text.length });
    },
  };
}

async function shown(sources: readonly LogSource[], { tail = 100, follow = false } = {}): Promise<string> {
  let written = '';
  const stdout = { isTerminal: false, write: (text: string) => (written += text) };
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  await showLogs(sources, { tail, follow, clock, signal: new AbortController().signal, stdout });
  return written;
}

describe('logs', () => {
  it('of one source are shown as they are', async () => {
    expect(await shown([fakeSource('master1', 'one\ntwo\n')])).toBe('one\ntwo\n');
    expect(await shown([fakeSource('master1', 'one\nhalf')])).toBe('one\nhalf\n');
    expect(await shown([fakeSource('master1', '')])).toBe('');
  });

  it('of several have their names in front', async () => {
    const sources = [fakeSource('a', 'one\n'), fakeSource('long', 'two\n')];
    expect(await shown(sources)).toBe('a    | one\nlong | two\n');
  });

  it('begin with the last lines', async () => {
    expect(await shown([fakeSource('a', '1\n2\n3\n')], { tail: 2 })).toBe('2\n3\n');
    expect(await shown([fakeSource('a', '1\n2\n3\n')], { tail: 0 })).toBe('');
  });

  it('are followed until every source is gone, whole lines only', async () => {
    const source = fakeSource('a', '1\n2\n3\n', '4\nha', 'lf\n', '', 'rest');
    expect(await shown([source, fakeSource('b', 'x\n')], { tail: 1, follow: true })).toBe(
      ['a | 3', 'b | x', 'a | 4', 'a | half', 'a | rest', ''].join('\n'),
    );
  });
});
