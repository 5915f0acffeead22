import { onTestFinished, vi } from 'vitest';
import type { Component } from '../../../engine/component.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { Discovery } from '../../../engine/discovery/discovery.ts';
import type { MasterOptions } from '../../../engine/master/master-options.ts';
import { inMemoryRegistry } from '../../../engine/master/registry/registry-store.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { fetchJson, fetchRaw } from '../scheduler-client.ts';

export function testOptions(discovery: Discovery = inMemoryDiscovery()): MasterOptions {
  return {
    host: '127.0.0.1',
    port: 0,
    hostname: '127.0.0.1',
    cluster: 'test',
    quorum: 1,
    discovery,
    allocationIntervalMs: 10,
    flags: { cluster: 'test', quorum: '1' },
  };
}

/** A master that listens, whether it leads or not; it is stopped after the test. */
export async function startTestMaster(options: Partial<MasterOptions> = {}, log: string[] = []): Promise<Component> {
  const master = await startMaster(
    { ...testOptions(), ...options },
    {
      log: (line) => {
        log.push(line);
      },
    },
  );
  onTestFinished(() => master.stop());
  return master;
}

/** A master that leads and has recovered. */
export async function startLeader(options: Partial<MasterOptions> = {}, log: string[] = []): Promise<Component> {
  const master = await startTestMaster(options, log);
  await hasRecovered(master.url);
  return master;
}

/** Two masters with one registry: the first leads and has recovered, and the second does when the first has stopped. */
export async function startLeaderAndNext(): Promise<readonly [Component, Component]> {
  const discovery = inMemoryDiscovery();
  const registry = inMemoryRegistry();
  const first = await startLeader({ discovery, registry: registry() });
  return [first, await startTestMaster({ discovery, registry: registry() })];
}

export async function hasRecovered(url: string): Promise<void> {
  await eventually(async () => (await fetchRaw(`${url}/api/v1`, { body: { type: 'GET_HEALTH' } })).status === 200);
}

/**
 * Until the test ends agents are pinged when it says so, and not by time: however slow the machine, none is given up that
 * answers.
 */
export function heldPings() {
  const options = { agentPingTimeoutMs: 1000, maxAgentPingTimeouts: 3 };
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const ping = () => {
    vi.advanceTimersByTime(options.agentPingTimeoutMs);
  };
  /** Gives up those that do not answer: they are pinged once more, and miss that and all others. */
  const giveUpTheSilent = () => {
    for (let count = 0; count <= options.maxAgentPingTimeouts; count += 1) ping();
  };
  /** The one agent that a master has goes without a word, and is given up. */
  const lose = async (url: string, agent: { readonly close: () => void }) => {
    agent.close();
    await eventually(async () => (await fetchJson(`${url}/state`)).deactivated_slaves === 1);
    giveUpTheSilent();
  };
  return { options, ping, giveUpTheSilent, lose };
}

/** Waits until something is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Never came true: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
