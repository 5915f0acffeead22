import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startDaemon, type Daemon } from '../../platform/processes/daemon.ts';
import { startOfProcess } from '../../platform/processes/process-identity.ts';

/** A daemon in plain JavaScript, with the same line as daemonParent has. */
const daemonScript = `
let kept = false;
process.on('message', (message) => { kept = message.kind === 'keep'; });
process.on('disconnect', () => { if (!kept) process.exit(0); console.log('goes on'); });
console.log('started', process.argv.slice(2).join(' '));
process.send({ kind: 'started', group: process.pid });
setInterval(() => undefined, 1000);
`;

function start(script = daemonScript): { readonly daemon: Daemon; readonly logFile: string } {
  const folder = mkdtempSync(join(tmpdir(), 'daemon-test-'));
  writeFileSync(join(folder, 'daemon.cjs'), script);
  const logFile = join(folder, 'daemon.log');
  const daemon = startDaemon({ script: join(folder, 'daemon.cjs'), arguments: ['a b', '*'], cwd: folder, logFile });
  onTestFinished(async () => {
    if (startOfProcess(daemon.pid) !== undefined) process.kill(daemon.pid, 'SIGKILL');
    await vi.waitUntil(() => startOfProcess(daemon.pid) === undefined, 10_000);
    rmSync(folder, { recursive: true });
  });
  return { daemon, logFile };
}

describe('a daemon', () => {
  it('says when it has started, and writes to its log', async () => {
    const { daemon, logFile } = start();
    expect(await daemon.firstMessage).toEqual({ kind: 'started', group: daemon.pid });
    expect(readFileSync(logFile, 'utf8')).toBe('started a b *\n');
  });

  it('leads a process group of its own, which no Ctrl-C of ours reaches', async () => {
    const { daemon } = start();
    await daemon.firstMessage;
    expect(() => process.kill(-daemon.pid, 0)).not.toThrow();
  });

  it('goes on when it is let go', async () => {
    const { daemon, logFile } = start();
    await daemon.firstMessage;
    await daemon.letGo();
    await vi.waitUntil(() => readFileSync(logFile, 'utf8').includes('goes on'), 10_000);
    expect(startOfProcess(daemon.pid)).toBeDefined();
  });

  it('ends when it is abandoned', async () => {
    const { daemon } = start();
    await daemon.firstMessage;
    await daemon.abandon();
    expect(startOfProcess(daemon.pid)).toBeUndefined();
  });

  it('that ends at once has no message', async () => {
    const { daemon, logFile } = start('throw new Error("no");');
    expect(await daemon.firstMessage).toBeUndefined();
    await daemon.abandon();
    expect(existsSync(logFile)).toBe(true);
    expect(readFileSync(logFile, 'utf8')).toContain('Error: no');
  });
});
