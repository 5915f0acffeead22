import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { startLoadBalancer } from '../../engine/load-balancer/start-load-balancer.ts';
import { startMarathon } from '../../engine/marathon/start-marathon.ts';
import { memoryStore } from '../../engine/framework/storage/record-store.ts';
import { startMaster } from '../../engine/master/start-master.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import type { Component } from './endpoints.ts';
import { harmlessProcesses } from './harmless-processes.ts';

const host = '127.0.0.1';

export interface FuzzCluster {
  readonly urls: Readonly<Record<Component, string>>;
  readonly stop: () => Promise<void>;
}

/** One of each component, in this process; simulated containers listen on ports of loopback that no other test uses. */
export async function startFuzzCluster(log: (line: string) => void): Promise<FuzzCluster> {
  const world = { log };
  const masters = inMemoryDiscovery();
  const workDir = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const master = await startMaster(
    {
      ...{ host, port: 0, hostname: host, cluster: 'fuzz', quorum: 1, discovery: masters, flags: {} },
      // Offers go round among the frameworks, and what has ended does not count as memory.
      ...{ allocationIntervalMs: 20, offerTimeoutMs: 500, maxCompletedFrameworks: 2, maxCompletedTasks: 5 },
    },
    world,
  );
  const resources = 'cpus:64;mem:65536;disk:1000;ports:[30100-30199]';
  const agent = await startAgent(
    {
      ...{ host, port: 0, hostname: host, masters, resources, attributes: 'rack:a', workDir, version: '1.12.0' },
      ...{ dockerTasks: 'simulated', registrationBackoffMs: 20 },
    },
    { ...world, processes: harmlessProcesses, sandboxes: nodeSandboxes },
  );
  const marathon = await startMarathon(
    {
      host,
      port: 0,
      hostname: host,
      masters,
      election: inMemoryDiscovery(),
      offerBatchMs: 5,
      declineOfferSeconds: 0.2,
    },
    { ...world, store: memoryStore() },
  );
  const balancer = await startLoadBalancer(
    {
      ...{ host, statsPort: 0, servicePorts: { first: 11_900, last: 11_910 }, marathonUrls: [marathon.url] },
      ...{ groups: ['external'], timing: { debounceMs: 50, backoffMs: [50] } },
    },
    world,
  );
  return {
    urls: { master: master.url, agent: agent.url, marathon: marathon.url, balancer: balancer.url },
    stop: async () => {
      for (const each of [balancer, marathon, agent, master]) await each.stop();
      rmSync(workDir, { recursive: true, force: true });
    },
  };
}
