import { endTasks, outlivingTasks, type OutlivingTasks } from '../../../engine/agent/executors/outliving-executor.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import type { Component } from '../../../engine/component.ts';
import type { Discovery } from '../../../engine/discovery/discovery.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { Part } from '../../../engine/lives/part.ts';
import { logOf, processesOf, sandboxesOf } from '../../../engine/lives/world-of-life.ts';
import type { RecordStore } from '../../../engine/framework/storage/record-store.ts';
import { startMarathon } from '../../../engine/marathon/start-marathon.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { noProcesses } from './memory-files.ts';

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

/** How components find each other, and what the Marathons share; one run of a component has its own. */
export interface Meeting {
  readonly masters: Discovery;
  readonly marathons: Discovery;
  readonly store: RecordStore;
  /** Ends what was opened for it, when the component stops. */
  readonly close: () => Promise<void>;
}

export interface ClusterOptions {
  readonly log: (line: string) => void;
  readonly files: Sandboxes;
  /** Called within the life. */
  readonly meet: (life: Life, log: (line: string) => void) => Meeting;
  /** Where the three kinds have their ports, and agents those of their tasks: each so many of its own. */
  readonly ports: {
    readonly masters: number;
    readonly agents: number;
    readonly marathons: number;
    readonly tasks: number;
    readonly tasksEach: number;
  };
  /** All times are short, so that a seed sees many of them run out: this many times as long as in memory. */
  readonly slowness: number;
}

const timesOf = (slowness: number) => ({
  master: {
    agentPingTimeoutMs: 100 * slowness,
    maxAgentPingTimeouts: 5,
    agentReregisterTimeoutMs: 1500 * slowness,
    registryFetchTimeoutMs: 2000 * slowness,
    registryStoreTimeoutMs: 1000 * slowness,
    allocationIntervalMs: 20 * slowness,
    heartbeatIntervalMs: 100 * slowness,
  },
  agent: { registrationBackoffMs: 20 * slowness, masterSilenceMs: 500 * slowness, statusRetryMs: 50 * slowness },
  marathon: {
    offerBatchMs: 5,
    declineOfferSeconds: 0.2 * slowness,
    killRetryMs: 200 * slowness,
    reconciliationIntervalMs: 500 * slowness,
    taskLaunchTimeoutMs: 3000 * slowness,
  },
});

const host = '127.0.0.1';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Three masters, three agents and two Marathons in this process, each a part of its own. */
export async function startSmallCluster(given: ClusterOptions): Promise<SmallCluster> {
  const { log, files, meet, ports, slowness } = given;
  const times = timesOf(slowness);
  const member = (
    name: string,
    port: number,
    start: (met: Meeting, world: { readonly life: Life; readonly log: (line: string) => void }) => Promise<Component>,
  ): Member => {
    const say = (line: string) => {
      log(`${name}: ${line}`);
    };
    const startIn = async (life: Life) => {
      const logged = logOf(life, say);
      const met = meet(life, logged);
      const component = await start(met, { life, log: logged });
      return { ...component, stop: () => component.stop().then(met.close) };
    };
    const part = new Part({ start: startIn, log: say, restartMs: 50 * slowness });
    return { name, url: `http://${host}:${port}`, part, isClientOfMasters: !name.startsWith('master') };
  };
  const masters = numbers(3).map((number) => {
    const port = ports.masters + number;
    return member(`master${number}`, port, ({ masters: discovery }, world) => {
      const options = { host, port, hostname: host, cluster: 'small', quorum: 2, flags: {}, ...times.master };
      return startMaster({ ...options, discovery }, { log: world.log });
    });
  });
  const agents = numbers(3).map((number) => {
    const port = ports.agents + number;
    const first = ports.tasks + ports.tasksEach * (number - 1);
    const executors = outlivingTasks(noProcesses, files);
    const fixed = {
      ...{ host, port, hostname: `agent${number}`, attributes: '', version: '1.12.0', ...times.agent },
      resources: `cpus:4;mem:4096;disk:1000;ports:[${first}-${first + ports.tasksEach - 1}]`,
      workDir: `/agent${number}`,
    };
    const agent = member(`agent${number}`, port, ({ masters }, { life, log: logged }) =>
      startAgent(
        { ...fixed, masters, dockerTasks: 'simulated', recovery: 'reconnect' },
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
    const port = ports.marathons + number;
    return member(`marathon${number}`, port, ({ masters, marathons: election, store }, world) => {
      const options = { host, port, hostname: host, masters, election, ...times.marathon };
      return startMarathon(options, { log: world.log, store });
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
