import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { startPiped, type PipedProcess, type PipedRequest } from '../../platform/processes/piped-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'piped-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const request = (command: string, more: Partial<PipedRequest> = {}): PipedRequest => ({
  ...{ program: '/bin/sh', arguments: ['-c', command], cwd: '/tmp', environment: { PATH: '/usr/bin:/bin' } },
  ...{ stdoutFile: join(folder, 'stdout'), stderrFile: join(folder, 'stderr'), maxOutputBytes: 1024 * 1024 },
  ...more,
});

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

const outputOf = async ({ stdout, stderr, ended }: PipedProcess) => {
  const [out, err, end] = await Promise.all([textOf(stdout), textOf(stderr), ended]);
  return { out, err, end };
};

describe('a process with pipes', () => {
  test('says what it writes by its streams, also when it opens them by their names', async () => {
    const started = await startPiped(request('echo out; echo err >/dev/stderr; echo more >/dev/stdout; exit 3'));
    expect(await outputOf(started)).toEqual({
      ...{ out: 'out\nmore\n', err: 'err\n' },
      end: { kind: 'exited', status: 3 },
    });
  });

  test('has what it says in its files, too', async () => {
    const stdoutFile = join(folder, 'kept');
    await outputOf(await startPiped(request('printf "\\303\\244\\377"', { stdoutFile })));
    expect([...readFileSync(stdoutFile)]).toEqual([0xc3, 0xa4, 0xff]);
  });

  test('loses nothing where the reader is slower than the process, and longer than that lives', async () => {
    const started = await startPiped(request('head -c 300000 /dev/zero'));
    let size = 0;
    for await (const part of started.stdout) {
      if (size === 0) await new Promise((resolve) => setTimeout(resolve, 1500));
      size += part.length;
    }
    expect(size).toBe(300_000);
  });

  test('reads what is written, and its end', async () => {
    const started = await startPiped(request('while read l; do echo "got $l"; done; echo end'));
    await started.write(Buffer.from('one\ntwo\n'));
    started.closeInput();
    expect((await outputOf(started)).out).toBe('got one\ngot two\nend\n');
  });

  test('ends with what is left of its group, and with output that somebody else holds open', async () => {
    const left = 'sleep 300 & setsid sh -c "echo \\$\\$ >&2; exec sleep 300" & read go; echo gone';
    const started = await startPiped(request(left));
    const first = await started.stderr[Symbol.asyncIterator]().next();
    const id = Number(Buffer.from(first.value as Uint8Array).toString('utf8'));
    onTestFinished(() => {
      process.kill(id);
    });
    await started.write(Buffer.from('\n'));
    expect(await textOf(started.stdout)).toBe('gone\n');
  });

  test('that cannot be started says so', async () => {
    await expect(startPiped(request('', { program: '/nowhere' }))).rejects.toThrow('ENOENT');
  });
});

describe.runIf(process.platform === 'linux')('a process with a terminal', () => {
  const terminal = { size: { rows: 33, columns: 99 } };

  test('has one of that size, whose echo is on, and one stream', async () => {
    const started = await startPiped(
      request('tty; stty size; stty -a | grep -o " echo "; echo err >&2; echo "$SHELL"; exit 4', { terminal }),
    );
    const { out, err, end } = await outputOf(started);
    expect(err).toBe('');
    expect(out).toMatch(/^\/dev\/pts\/\d+\r\n33 99\r\n echo \r\nerr\r\n\r\n$/);
    expect(end).toEqual({ kind: 'exited', status: 4 });
  });

  test('is told when its size changes', async () => {
    const started = await startPiped(
      request('trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done', { terminal }),
    );
    const seen: string[] = [];
    for await (const part of started.stdout) {
      seen.push(Buffer.from(part).toString('utf8'));
      if (seen.join('') === 'ready\r\n') await started.resize?.({ rows: 12, columns: 34 });
    }
    expect(seen.join('')).toBe('ready\r\n12 34\r\n');
  });

  test('is found by its own id', async () => {
    const started = await startPiped(request('echo $$; exec cat', { terminal }));
    const first = await started.stdout[Symbol.asyncIterator]().next();
    expect(Buffer.from(first.value as Uint8Array).toString('utf8')).toBe(`${started.commandId}\r\n`);
    process.kill(started.commandId, 'SIGTERM');
    expect(await started.ended).toEqual({ kind: 'exited', status: 143 });
  });
});
