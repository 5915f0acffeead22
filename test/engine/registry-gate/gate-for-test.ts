import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startRegistryGate } from '../../../engine/registry-gate/start-registry-gate.ts';
import type { RegistryCredentials } from '../../../protocol/registry-credentials.ts';
import { startFakeRegistry, type FakeRegistry } from './fake-registry.ts';

/** A gate in front of a fake registry, and what a test may change of its world. */
export interface TestedGate {
  readonly url: string;
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly registry: FakeRegistry;
  readonly log: string[];
  /** What is measured of the registry's folder, beside what a test says. */
  readonly world: { now: number; stored: number; measured: number; credentials: RegistryCredentials | undefined };
  readonly ask: (
    method: string,
    path: string,
    options?: RequestInit & { readonly duplex?: 'half' },
  ) => Promise<Response>;
}

export const known: RegistryCredentials = { user: 'lab', password: 'päss:word' };

export const basic = ({ user, password }: RegistryCredentials): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export async function gateForTest(limitBytes?: number): Promise<TestedGate> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-gate-'));
  const registry = await startFakeRegistry(join(folder, 'registry.sock'));
  const log: string[] = [];
  const world = {
    now: 1_700_000_000_000,
    stored: 0,
    measured: 0,
    credentials: known as RegistryCredentials | undefined,
  };
  const gate = await startRegistryGate(
    { host: '127.0.0.1', port: 0, socketPath: registry.socketPath, limitBytes },
    {
      log: (line) => log.push(line),
      credentials: () => world.credentials,
      measure: () => {
        world.measured++;
        return Promise.resolve(world.stored);
      },
      key: Buffer.alloc(32, 7),
      now: () => world.now,
    },
  );
  onTestFinished(async () => {
    await gate.stop();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...{ url: gate.url, host: gate.url.replace('http://', ''), registry, log, world },
    ask: (method, path, options = {}) => fetch(`${gate.url}${path}`, { method, redirect: 'manual', ...options }),
  };
}

/** As a client gets one. */
export async function tokenFor({ ask }: TestedGate, scope: string, authorization?: string): Promise<string> {
  const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
  const answer = await ask('GET', `/token?service=test&scope=${encodeURIComponent(scope)}`, { headers });
  const { token } = (await answer.json()) as { readonly token: string };
  return `Bearer ${token}`;
}
