import { masterDefaults, silenceMs } from '../../protocol/mesos-defaults.ts';
import type { Component } from './component.ts';
import { fasterInFastLabs, fastSilenceMs, fastTiming, inFastLabs } from './fast-timing.ts';
import { mesosAddress, mesosSessionTimeout, mesosWorkDir } from './mesos-settings.ts';
import { mesosMasterDoc, operationalGuide } from './sources.ts';

const { agentPingTimeoutMs, maxAgentPingTimeouts } = masterDefaults;
const fastPings = `${fastTiming.maxAgentPingTimeouts} x ${fastTiming.agentPingTimeoutMs / 1000} s`;

export const mesosMaster: Component<'mesos-master'> = {
  role: 'mesos-master',
  title: ['master', 'masters'],
  needs: { role: 'zookeeper', why: 'masters elect their leader in ZooKeeper' },
  waitsFor: ['zookeeper'],
  ports: [{ name: 'http', usual: 5050 }],
  tellsItsPort: true,
  // 5050, 5150, …: agents have 5051 and on. No browser opens 5060.
  portStep: 100,
  memory: { limit: 512, usual: 80, usualLite: 45 },
  probe: { path: '/health' },
  page: { title: 'Mesos master', short: 'Mesos', shows: 'agents, frameworks, tasks', litePath: '/state' },
  settings: [
    {
      name: 'MESOS_ZK',
      value: ({ mesosZk }) => mesosZk,
      why: ({ urls }) =>
        `All ZooKeepers with their client port (${urls.zookeeperConnect}) and the path of the masters. The path is obligatory.`,
      source: `${mesosMasterDoc}, zk`,
    },
    {
      name: 'MESOS_QUORUM',
      value: ({ quorum }) => quorum,
      why: ({ masterCount, quorum }) =>
        `floor(${masterCount}/2)+1 = ${quorum}: a majority of the ${masterCount} master${masterCount === 1 ? '' : 's'}. More masters than 2*quorum-1 can corrupt the replicated log; a smaller quorum loses writes.`,
      source: `${mesosMasterDoc}, quorum; ${operationalGuide}`,
      comment: 'Majority of the masters: floor(n/2)+1.',
    },
    {
      name: 'MESOS_REGISTRY',
      value: () => 'replicated_log',
      why: 'replicated_log keeps the registry on disk on every master; in_memory (as old tutorials have it) is for tests.',
      source: `${mesosMasterDoc}, registry; ${operationalGuide}`,
      comment: 'Keeps the list of agents over a restart; in_memory forgets it.',
    },
    mesosWorkDir(({ workDir }) => workDir),
    {
      name: 'MESOS_CLUSTER',
      value: ({ clusterName }) => clusterName,
      why: 'Shown in the web pages: `mesos.cluster`, or the name of the lab.',
      source: `${mesosMasterDoc}, cluster`,
    },
    ...mesosAddress,
    {
      name: 'MESOS_AGENT_PING_TIMEOUT',
      ...fasterInFastLabs(fastTiming.agentPingTimeoutMs, agentPingTimeoutMs),
      source: `${mesosMasterDoc}, agent_ping_timeout`,
      comment: `Fast lab: a lost agent is noticed after ${fastSilenceMs / 1000} s (${fastPings}) instead of ${silenceMs / 1000} s.`,
    },
    {
      name: 'MESOS_MAX_AGENT_PING_TIMEOUTS',
      ...inFastLabs(fastTiming.maxAgentPingTimeouts, maxAgentPingTimeouts),
      source: `${mesosMasterDoc}, max_agent_ping_timeouts`,
    },
    mesosSessionTimeout,
  ],
};
