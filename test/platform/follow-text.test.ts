import { describe, expect, it } from 'vitest';
import { followTexts, type GrowingText } from '../../platform/follow-text.ts';

/** A text that has more at each look, and is gone after the last. */
function fakeText(id: string, ...texts: readonly string[]): GrowingText {
  let look = 0;
  return {
    id,
    readFrom: (offset) => {
      const text = texts[look++];
      return Promise.resolve(text === undefined ? undefined : { text, next: offset + text.length });
    },
  };
}

async function shown(texts: readonly GrowingText[], { tail = 100, follow = false } = {}): Promise<readonly string[]> {
  const lines: string[] = [];
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const { signal } = new AbortController();
  await followTexts(texts, { tail, follow, clock, signal }, (id, line) => lines.push(`${id} ${line}`));
  return lines;
}

describe('texts that grow', () => {
  it('are handed over line by line, also without an end of the last one', async () => {
    expect(await shown([fakeText('a', 'one\nhalf'), fakeText('b', '')])).toEqual(['a one', 'a half']);
  });

  it('begin with their last lines', async () => {
    expect(await shown([fakeText('a', '1\n2\n3\n')], { tail: 2 })).toEqual(['a 2', 'a 3']);
    expect(await shown([fakeText('a', '1\n2\n3\n')], { tail: 0 })).toEqual([]);
  });

  it('are followed until every one is gone, whole lines only', async () => {
    const text = fakeText('a', '1\n2\n3\n', '4\nha', 'lf\n', '', 'rest');
    expect(await shown([text, fakeText('b', 'x\n')], { tail: 1, follow: true })).toEqual([
      ...['a 3', 'b x', 'a 4', 'a half', 'a rest'],
    ]);
  });
});
