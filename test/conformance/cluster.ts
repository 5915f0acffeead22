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
import { fetchJson, fetchRaw, type Loose } from '../engine/scheduler-client.ts';

/*
 * What is tested: the engine, or the Mesos whose master CONFORMANCE_URL names; what that must have says CONTRIBUTING.md.
 */

/** Not the engine, then: what makes a real Mesos abort must not be sent. */
export const givenUrl = process.env['CONFORMANCE_URL']?.replace(/\/$/, '');

/** Of its agent, where what it has registered as leads elsewhere, as from outside of a container. */
const givenAgentUrl = process.env['CONFORMANCE_AGENT_URL']?.replace(/\/$/, '');

export interface Cluster {
  readonly master: string;
  /** That it says it has, whatever leads to it. */
  readonly masterPort: number;
  /** Where its API is reached from here. */
  readonly agent: string;
  /** As it has registered. */
  readonly agentAddress: { readonly hostname: string; readonly port: number };
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
  const answer = async (type: string): Promise<Loose> => fetchJson(`${master}/api/v1`, { body: { type } });
  let found: Loose;
  await eventually(async () => {
    const agents = ((await answer('GET_AGENTS')).get_agents.agents ?? []) as readonly Loose[];
    found = agents.find(({ active }) => active === true);
    return found !== undefined;
  });
  const { id, hostname, port } = found.agent_info;
  const agent = givenAgentUrl ?? `http://${String(hostname)}:${String(port)}`;
  await fetchRaw(`${agent}/health`).catch((error: unknown) => {
    throw new Error(`The agent is not reached at ${agent}: CONFORMANCE_AGENT_URL may say where it is`, {
      cause: error,
    });
  });
  const { master_info: master_ } = (await answer('GET_MASTER')).get_master;
  return { master, masterPort: master_.port, agent, agentAddress: { hostname, port }, agentId: id.value };
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
