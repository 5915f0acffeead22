import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import { isRunning, ownIdentity, startOfProcess } from '../../platform/processes/process-identity.ts';

function lockPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lock-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'state', 'run.lock');
}

describe('a lock', () => {
  it('is held by one at a time, and is gone when it is released', () => {
    const path = lockPath();
    const first = tryLockFile(path);
    expect(first.kind).toBe('held');
    expect(tryLockFile(path)).toEqual({ kind: 'busy', holder: ownIdentity() });
    if (first.kind === 'held') first.release();
    expect(existsSync(path)).toBe(false);
    expect(tryLockFile(path).kind).toBe('held');
  });

  it('of a process that has ended is taken over', () => {
    const path = lockPath();
    tryLockFile(path);
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'another time' }));
    expect(tryLockFile(path).kind).toBe('held');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(ownIdentity());
  });

  it('that has no name in it yet is busy, and after a while is taken over', () => {
    const path = lockPath();
    tryLockFile(path);
    writeFileSync(path, '');
    expect(tryLockFile(path)).toEqual({ kind: 'busy', holder: undefined });
    utimesSync(path, new Date(0), new Date(0));
    expect(tryLockFile(path).kind).toBe('held');
  });

  it('that was taken over is not released by the one before', () => {
    const path = lockPath();
    const first = tryLockFile(path);
    writeFileSync(path, JSON.stringify({ pid: process.ppid, started: startOfProcess(process.ppid) }));
    if (first.kind === 'held') first.release();
    expect(existsSync(path)).toBe(true);
  });
});

describe('the identity of a process', () => {
  it('is that of a running one', () => {
    expect(isRunning(ownIdentity())).toBe(true);
  });

  it('is not that of another one with the same id', () => {
    expect(isRunning({ pid: process.pid, started: 'another time' })).toBe(false);
  });

  it.each([0, -1, 1.5, 2 ** 30])('does not exist for %s', (pid) => {
    expect(startOfProcess(pid)).toBeUndefined();
  });
});
