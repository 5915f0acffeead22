import { describe, expect, it } from 'vitest';
import type { LogSource } from '../../../cli/logs/log-line.ts';
import { OutputFile } from '../../../cli/logs/output-file.ts';

const source: LogSource = { id: 't', name: 't stdout', family: 't', kind: 'task', stream: 'stdout', agent: 'agent1' };

/** A file that a test changes, and how much of it was asked for. */
function fakeFile(first: string | Uint8Array) {
  const file = { bytes: Buffer.from(first), read: 0 };
  const output = new OutputFile(source, '/stdout', (_, offset, length) => {
    const bytes = file.bytes.subarray(offset, offset + length);
    file.read += bytes.length;
    return Promise.resolve({ bytes, size: file.bytes.length });
  });
  const add = (text: string | Uint8Array) => (file.bytes = Buffer.concat([file.bytes, Buffer.from(text)]));
  const more = async (now = 0) => (await output.readMore(now)).lines;
  return { file, output, add, more };
}

describe('an output file', () => {
  it('is read line by line, each byte once', async () => {
    const { file, add, more } = fakeFile('one\ntwo\n');
    expect(await more()).toEqual(['one', 'two']);
    for (let count = 0; count < 50; count += 1) expect(await more()).toEqual([]);
    add('\nthree\n');
    expect(await more()).toEqual(['', 'three']);
    expect(file.read).toBe(file.bytes.length);
  });

  it('holds a line without an end until the rest of it comes, or nothing for two seconds', async () => {
    const { add, more } = fakeFile('ha');
    expect(await more(0)).toEqual([]);
    expect(await more(1000)).toEqual([]);
    add('lf\npro');
    expect(await more(1500)).toEqual(['half']);
    expect(await more(3000)).toEqual([]);
    expect(await more(3500)).toEqual(['pro']);
    add('mpt\n');
    expect(await more(4000)).toEqual(['mpt']);
  });

  it('shows characters whole that are cut between two looks', async () => {
    const { add, more } = fakeFile(Buffer.from('Grüße').subarray(0, 3));
    expect(await more()).toEqual([]);
    add(Buffer.from('Grüße\n').subarray(3));
    expect(await more()).toEqual(['Grüße']);
  });

  it('begins anew when it has become shorter', async () => {
    const { file, more } = fakeFile('a long line\nbegun');
    expect(await more()).toEqual(['a long line']);
    file.bytes = Buffer.from('new\n');
    expect(await more()).toEqual(['begun', 'new']);
  });

  it('is opened at its end, with its last lines, however long it is', async () => {
    const { file, output, add, more } = fakeFile(`${'x'.repeat(99)}\n`.repeat(100_000));
    expect(await output.openAtEnd(file.bytes.length, 3, 0)).toEqual(Array(3).fill('x'.repeat(99)));
    expect(file.read).toBe(65_536);
    add('next\n');
    expect(await more()).toEqual(['next']);
  });

  it('shows no more than the last megabyte when all lines are wanted', async () => {
    const { file, output } = fakeFile(`${'x'.repeat(99)}\n`.repeat(100_000));
    const lines = await output.openAtEnd(file.bytes.length, Infinity, 0);
    expect(new Set(lines)).toEqual(new Set(['x'.repeat(99)]));
    expect([lines.length, file.read]).toEqual([Math.floor((16 * 65_536) / 100), 16 * 65_536]);
  });

  it('shows nothing of what was there when no lines are wanted, and what is added', async () => {
    const { file, output, add, more } = fakeFile('old\n');
    expect(await output.openAtEnd(file.bytes.length, 0, 0)).toEqual([]);
    add('new\n');
    expect([await more(), file.read]).toEqual([['new'], 4]);
  });

  it('is shown in parts when a line has no end', async () => {
    const { more } = fakeFile('x'.repeat(200_000));
    expect((await more()).map((line) => line.length)).toEqual([65_536, 65_536, 65_536]);
  });

  it('lets others have their turn when very much was added', async () => {
    const { output, file } = fakeFile('line\n'.repeat(500_000));
    expect(await output.readMore(0)).toMatchObject({ atEnd: false });
    expect(file.read).toBe(16 * 65_536);
  });
});
