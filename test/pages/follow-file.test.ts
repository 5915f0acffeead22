import { expect, test } from 'vitest';
import { FileReader } from '../../pages/app/mesos/follow-file.ts';
import { words } from '../../pages/app/words.ts';

/** A file as the page's server tells of it, so much at a time, and what a reader makes of it. */
function open(atOnce: number) {
  let file = Buffer.alloc(0);
  let text = '';
  let start: number | undefined;
  const troubles: string[] = [];
  let isBroken = false;
  const read = (offset: number) => {
    if (isBroken) return Promise.reject(new Error('the agent is away'));
    const from = offset < 0 ? Math.max(0, file.length - atOnce) : offset;
    const data = file.subarray(from, from + atOnce).toString('base64');
    return Promise.resolve({ data, offset: from, size: file.length });
  };
  const following = {
    onText: (more: string) => (text += more),
    onStart: (from: number) => (start = from),
    onTrouble: (trouble: string) => troubles.push(trouble),
  };
  const reader = new FileReader(read, following, () => false);
  const readAll = async () => {
    while (await reader.step());
    return text;
  };
  return {
    readAll,
    write: (more: string | Uint8Array) => (file = Buffer.concat([file, Buffer.from(more as string)])),
    replace: (by: string) => (file = Buffer.from(by)),
    breaks: (broken: boolean) => (isBroken = broken),
    start: () => start,
    troubles,
  };
}

test('characters that are cut between two parts are whole', async () => {
  const { readAll, write } = open(5);
  write('aé');
  expect(await readAll()).toBe('aé');
  write('ü€𝄞ü€𝄞 and on');
  expect(await readAll()).toBe('aéü€𝄞ü€𝄞 and on');
});

test('what is no text moves nothing that comes behind it', async () => {
  const { readAll, write } = open(64);
  write(Uint8Array.of(0x61, 0xff, 0xfe, 0x80, 0x62, 0x0a));
  expect(await readAll()).toBe('a\uFFFD\uFFFD\uFFFDb\n');
  write('next\n');
  expect(await readAll()).toBe('a\uFFFD\uFFFD\uFFFDb\nnext\n');
});

test('a long file is shown from its last whole lines', async () => {
  const { readAll, write, start } = open(7);
  write('first line\nü\nlast\n');
  expect(await readAll()).toBe('last\n');
  expect(start()).toBe(14);
});

test('a line that is longer than a part is shown as far as it was read', async () => {
  const { readAll, write, start } = open(4);
  write('0123456789');
  expect([await readAll(), start()]).toEqual(['6789', 6]);
});

test('a file that is cut or replaced is followed from its beginning', async () => {
  const { readAll, write, replace, start } = open(100);
  write('much that was there\n');
  await readAll();
  replace('new\n');
  expect(await readAll()).toBe(`much that was there\n\n${words.fileBegins}\nnew\n`);
  expect(start()).toBe(0);
});

test('trouble is told, and is over when the file is read again', async () => {
  const { readAll, write, breaks, troubles } = open(100);
  breaks(true);
  expect(await readAll()).toBe('');
  breaks(false);
  write('here\n');
  expect(await readAll()).toBe('here\n');
  expect(troubles).toEqual(['the agent is away', '']);
});
