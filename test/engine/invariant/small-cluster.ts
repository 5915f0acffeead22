import { endTasks, outlivingTasks, type OutlivingTasks } from '../../../engine/agent/executors/outliving-executor.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import type { Component } from '../../../engine/component.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { Part } from '../../../engine/lives/part.ts';
import { discoveryOf, logOf, processesOf, sandboxesOf, storeOf } from '../../../engine/lives/world-of-life.ts';
import { startMarathon } from '../../../engine/marathon/start-marathon.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { marathonStore } from '../../../runtimes/embedded/marathon-store.ts';
import { memoryFiles, noProcesses } from './memory-files.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Member {
  readonly name: string;
  readonly url: string;
  readonly part: Part;
  /** Agents and Marathons can be cut off from the masters. */
  readonly isClientOfMasters: boolean;
}

export interface AgentMember extends Member {
  /** What really runs there, whatever the agent knows of it. */
  readonly executors: OutlivingTasks;
}

export interface SmallCluster {
  readonly masters: readonly Member[];
  readonly agents: readonly AgentMember[];
  readonly marathons: readonly Member[];
  readonly all: readonly Member[];
  readonly end: () => Promise<void>;
}

export interface ClusterOptions {
  readonly time: VirtualTime;
  readonly log: (line: string) => void;
}

/** The time that ZooKeeper gives a session. All times here are short: a seed should see many of them run out. */
const sessionMs = 100;
const masterTimes = {
  agentPingTimeoutMs: 100,
  maxAgentPingTimeouts: 5,
  agentReregisterTimeoutMs: 1500,
  registryFetchTimeoutMs: 2000,
  registryStoreTimeoutMs: 1000,
  allocationIntervalMs: 20,
  heartbeatIntervalMs: 100,
};
const agentTimes = { registrationBackoffMs: 20, masterSilenceMs: 500, statusRetryMs: 50 };
const marathonTimes = {
  offerBatchMs: 5,
  declineOfferSeconds: 0.2,
  killRetryMs: 200,
  reconciliationIntervalMs: 500,
  taskLaunchTimeoutMs: 3000,
};

const host = '127.0.0.1';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Three masters, three agents and two Marathons in this process, each a part of its own. */
export async function startSmallCluster({ time, log }: ClusterOptions): Promise<SmallCluster> {
  const [ofMasters, ofMarathons] = [inMemoryDiscovery(), inMemoryDiscovery()];
  const files = memoryFiles(time);
  const store = marathonStore('/store', files);
  const member = (
    name: string,
    port: number,
    start: (life: Life, log: (line: string) => void) => Promise<Component>,
  ): Member => {
    const say = (line: string) => {
      log(`${name}: ${line}`);
    };
    const part = new Part({ start: (life) => start(life, logOf(life, say)), log: say, restartMs: 50 });
    return { name, url: `http://${host}:${port}`, part, isClientOfMasters: !name.startsWith('master') };
  };
  const masters = numbers(3).map((number) => {
    const port = 5050 + number;
    return member(`master${number}`, port, (life, logged) => {
      const discovery = discoveryOf(life, ofMasters, sessionMs);
      const options = { host, port, hostname: host, cluster: 'small', quorum: 2, flags: {}, ...masterTimes };
      return startMaster({ ...options, discovery }, { log: logged });
    });
  });
  const agents = numbers(3).map((number) => {
    const port = 5150 + number;
    const executors = outlivingTasks(noProcesses, files);
    const fixed = {
      ...{ host, port, hostname: `agent${number}`, attributes: '', version: '1.12.0', ...agentTimes },
      resources: `cpus:4;mem:4096;disk:1000;ports:[${31_000 + 100 * number}-${31_099 + 100 * number}]`,
      workDir: `/agent${number}`,
    };
    const agent = member(`agent${number}`, port, (life, logged) =>
      startAgent(
        { ...fixed, masters: discoveryOf(life, ofMasters, sessionMs), dockerTasks: 'simulated', recovery: 'reconnect' },
        {
          log: logged,
          processes: processesOf(life, noProcesses),
          sandboxes: sandboxesOf(life, files),
          outliving: executors,
        },
      ),
    );
    return { ...agent, executors };
  });
  const marathons = numbers(2).map((number) => {
    const port = 8080 + number;
    return member(`marathon${number}`, port, (life, logged) => {
      const [known, election] = [discoveryOf(life, ofMasters, sessionMs), discoveryOf(life, ofMarathons, sessionMs)];
      const options = { host, port, hostname: host, masters: known, election, ...marathonTimes };
      return startMarathon(options, { log: logged, store: storeOf(life, store()) });
    });
  });
  const all = [...masters, ...agents, ...marathons];
  await Promise.all(all.map(({ part }) => part.start()));
  return {
    ...{ masters, agents, marathons, all },
    end: async () => {
      await Promise.all(all.map(({ part }) => part.kill()));
      await Promise.all(agents.map(({ executors }) => endTasks(executors)));
    },
  };
}
