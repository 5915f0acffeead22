import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { streamingCommands } from '../../platform/processes/streaming-commands.ts';
import { temporaryFolder } from '../cli/fake-context.ts';

const node = (script: string, ...words: string[]) => ({
  program: process.execPath,
  arguments: ['-e', script, ...words],
});
const options = (cwd: string, signal = new AbortController().signal) => ({ cwd, signal, timeoutMs: 15_000 });
/** Writes so many times 64 KB, each time when it was read. */
const writes = (times: number) =>
  node(
    `let n=0;const w=()=>{while(n++<${times})if(!process.stdout.write(Buffer.alloc(65536,120)))return process.stdout.once('drain',w)};w()`,
  );
const counts = node("let n=0;process.stdin.on('data',(c)=>n+=c.length).on('end',()=>process.stdout.write(String(n)))");

describe('a pipe', () => {
  it('feeds several programs with everything', async () => {
    const result = await streamingCommands.pipe(writes(300), [counts, counts], options(temporaryFolder()));
    const all = { kind: 'ended', exitCode: 0, stdout: String(300 * 65_536), stderr: '' };
    expect(result).toEqual({ source: { kind: 'ended', exitCode: 0, stdout: '', stderr: '' }, targets: [all, all] });
  });

  it('goes on for the others when one gives up', async () => {
    const givesUp = node("console.error('no space');process.exit(1)");
    const { targets } = await streamingCommands.pipe(writes(300), [givesUp, counts], options(temporaryFolder()));
    expect(targets).toMatchObject([
      { kind: 'ended', exitCode: 1, stderr: 'no space' },
      { kind: 'ended', exitCode: 0, stdout: String(300 * 65_536) },
    ]);
  });

  it('ends when all of them give up', async () => {
    const givesUp = node("console.error('no space');process.exit(1)");
    const { targets } = await streamingCommands.pipe(writes(1e9), [givesUp], options(temporaryFolder()));
    expect(targets).toMatchObject([{ kind: 'ended', exitCode: 1, stderr: 'no space' }]);
  });

  it('ends the others when the source fails, and says what it complained of', async () => {
    const fails = node("process.stdout.write('x');console.error('no such image');process.exitCode=1");
    const { source, targets } = await streamingCommands.pipe(fails, [counts], options(temporaryFolder()));
    expect(source).toMatchObject({ kind: 'ended', exitCode: 1, stderr: 'no such image' });
    expect(targets).toHaveLength(1);
  });
});

describe('the output of a program', () => {
  it.each([true, false])('becomes a file, compressed: %j', async (gzip) => {
    const folder = temporaryFolder();
    const path = join(folder, 'out');
    let written = 0;
    const onBytes = (bytes: number) => (written = bytes);
    const result = await streamingCommands.toFile(writes(20), { path, gzip, onBytes }, options(folder));
    expect(result).toMatchObject({ kind: 'ended', exitCode: 0 });
    const bytes = readFileSync(path);
    expect(written).toBe(bytes.length);
    expect((gzip ? gunzipSync(bytes) : bytes).length).toBe(20 * 65_536);
  });

  it('is not written over a file that is there', async () => {
    const folder = temporaryFolder();
    const file = { path: join(folder, 'missing', 'out'), gzip: false };
    await expect(streamingCommands.toFile(writes(1e9), file, options(folder))).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(existsSync(file.path)).toBe(false);
  });

  it('ends with the signal', async () => {
    const controller = new AbortController();
    const folder = temporaryFolder();
    const onBytes = () => {
      controller.abort();
    };
    const file = { path: join(folder, 'out'), gzip: true, onBytes };
    const result = await streamingCommands.toFile(writes(1e9), file, options(folder, controller.signal));
    expect(result).toEqual({ kind: 'stopped' });
  });
});
