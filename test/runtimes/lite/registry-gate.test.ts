import { describe, expect, it } from 'vitest';
import { readGateFlags, registryGate } from '../../../runtimes/lite/registry-gate.ts';

const required = ['--at', '0.0.0.0:5000', '--registry-socket', '/data/socket', '--push-credentials', '/secret'];
const world = (files: Readonly<Record<string, string>>) => ({
  environment: {},
  readFile: (path: string) => files[path],
});

describe('the flags of registry-gate', () => {
  it('are where it listens, what is behind it, who may push and how much', () => {
    const gate = { host: '0.0.0.0', port: 5000, socketPath: '/data/socket', credentials: '/secret' };
    expect(readGateFlags(required)).toEqual({ ...gate, limitBytes: undefined, storage: undefined });
    expect(readGateFlags([...required, '--storage=/data', '--limit-mb', '10000'])).toEqual({
      ...{ ...gate, limitBytes: 10_000_000_000, storage: '/data' },
    });
    expect(readGateFlags(['--at', '[::1]:80', ...required.slice(2)])).toMatchObject({ host: '::1', port: 80 });
  });

  it.each([
    [[], "--at is '': expected ADDRESS:PORT"],
    [['--at', '5000'], "--at is '5000': expected ADDRESS:PORT"],
    [['--at', '0.0.0.0:65536'], "--at is '0.0.0.0:65536': expected ADDRESS:PORT"],
    [required.slice(0, 2), '--registry-socket is missing'],
    [required.slice(0, 4), '--push-credentials is missing'],
    [[...required, '--storage', '/data', '--limit-mb', '0'], "--limit-mb is '0': expected a whole number from 1"],
    [[...required, '--limit-mb', '5'], '--limit-mb and --storage are given together'],
    [[...required, '--listen', 'x'], "Unknown option '--listen'"],
  ])('that are wrong are named, with what is allowed: %j', (words, message) => {
    expect(() => registryGate.prepare(words, world({ '/secret': 'a:b' }))).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) as string }),
    );
  });

  it.each([
    [{}, '/secret cannot be read; expected one line USER:PASSWORD'],
    [{ '/secret': '\n' }, '/secret is empty; expected one line USER:PASSWORD'],
    [{ '/secret': 'password' }, '/secret has no colon between user and password; expected'],
  ])('want credentials that are some: %j', (files: Readonly<Record<string, string>>, message) => {
    expect(() => registryGate.prepare(required, world(files))).toThrow(`registry-gate: ${message}`);
    expect(() => registryGate.prepare(required, world({ '/secret': 'lab:secret\n' }))).not.toThrow();
  });
});
