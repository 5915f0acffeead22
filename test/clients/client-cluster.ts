import { onTestFinished } from 'vitest';
import { startAgent } from '../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { startMaster } from '../../engine/master/start-master.ts';
import { startMarathon } from '../../engine/marathon/start-marathon.ts';
import { memoryStore } from '../../engine/framework/storage/record-store.ts';
import { temporaryFolder, world } from '../engine/agent/running-agent.ts';

export interface ClientCluster {
  readonly master: string;
  readonly agent: string;
  readonly marathon: string;
  readonly masterPort: string;
}

const host = '127.0.0.1';

/** A master, an agent and a Marathon in the test's process, with the times of real ones, for clients in processes of their own. */
export async function startClientCluster(): Promise<ClientCluster> {
  const masters = inMemoryDiscovery();
  const workDir = temporaryFolder();
  const resources = 'cpus:8;mem:8192;disk:1000;ports:[30200-30299]';
  const master = await startMaster(
    { host, port: 0, hostname: host, cluster: 'clients', quorum: 1, discovery: masters, flags: {} },
    world,
  );
  const agent = await startAgent(
    {
      host,
      port: 0,
      hostname: host,
      masters,
      resources,
      attributes: '',
      workDir,
      version: '1.12.0',
      dockerTasks: 'simulated',
    },
    world,
  );
  const marathon = await startMarathon(
    { host, port: 0, hostname: host, masters, election: inMemoryDiscovery() },
    { ...world, store: memoryStore() },
  );
  onTestFinished(async () => {
    for (const each of [marathon, agent, master]) await each.stop();
  });
  return { master: master.url, agent: agent.url, marathon: marathon.url, masterPort: new URL(master.url).port };
}
