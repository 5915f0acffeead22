import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { startAgent } from '../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { startMaster } from '../../engine/master/start-master.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { fetchJson, type Loose } from '../engine/scheduler-client.ts';

/*
 * What is tested: the engine, or the Mesos whose master CONFORMANCE_URL names. It must have an agent with a processor
 * and 128 MiB to spare that runs commands, and no framework that takes all offers.
 */

/** Not the engine, then: what makes a real Mesos abort must not be sent. */
export const givenUrl = process.env['CONFORMANCE_URL']?.replace(/\/$/, '');

export interface Cluster {
  readonly master: string;
  readonly agent: string;
  /** Of the agent: what offers name. */
  readonly agentId: string;
}

/** The cluster that a file's tests are for; there from its first test on. */
export function clusterForTests(): () => Cluster {
  let cluster: Cluster | undefined;
  let stop = () => Promise.resolve();
  beforeAll(async () => {
    let master = givenUrl;
    if (master === undefined) {
      const engine = await startEngine();
      ({ master, stop } = engine);
    }
    cluster = await withAgent(master);
  });
  afterAll(() => stop());
  return () => {
    if (cluster === undefined) throw new Error('The cluster is not there before the first test');
    return cluster;
  };
}

async function withAgent(master: string): Promise<Cluster> {
  let agents: readonly Loose[] = [];
  await eventually(async () => {
    const body = { type: 'GET_AGENTS' };
    agents = ((await fetchJson(`${master}/api/v1`, { body })).get_agents.agents ?? []) as readonly Loose[];
    return agents.length > 0;
  });
  const { id, hostname, port } = agents[0].agent_info;
  return { master, agent: `http://${String(hostname)}:${String(port)}`, agentId: id.value };
}

async function startEngine() {
  const host = '127.0.0.1';
  const world = { log: () => undefined };
  const masters = inMemoryDiscovery();
  const workDir = mkdtempSync(join(tmpdir(), 'conformance-'));
  const master = await startMaster(
    { host, port: 0, hostname: host, cluster: 'c', quorum: 1, discovery: masters, flags: {}, allocationIntervalMs: 20 },
    world,
  );
  const agent = await startAgent(
    {
      ...{ host, port: 0, hostname: host, masters, workDir, attributes: '', version: '1.12.0' },
      ...{ resources: 'cpus:2;mem:1024;disk:1000;ports:[31000-32000]', dockerTasks: 'none', registrationBackoffMs: 20 },
    },
    { ...world, processes: nodeProcesses, sandboxes: nodeSandboxes },
  );
  const stop = async () => {
    await agent.stop();
    await master.stop();
    rmSync(workDir, { recursive: true, force: true });
  };
  return { master: master.url, stop };
}
