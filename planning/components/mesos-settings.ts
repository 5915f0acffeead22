import { sessionTimeoutMs } from '../../protocol/mesos-defaults.ts';
import type { ComponentSetting, LabFacts, SettingsContext } from './component.ts';
import { fasterInFastLabs, fastTiming } from './fast-timing.ts';
import { mesosCommonDoc, mesosMasterDoc } from './sources.ts';

/** On a machine of its own a program listens on that machine's address and nowhere else. */
export const ownAddress = ({ placement, host }: SettingsContext) => (placement === 'machines' ? host : undefined);

/** Agents that share the machine's Engine share its file system too. */
export const sharesEngine = ({ placement, agentDocker }: Pick<LabFacts, 'placement' | 'agentDocker'>): boolean =>
  placement === 'one-host' && agentDocker === 'socket';

/** @param value of masters, or of agents */
export const mesosWorkDir = (value: ComponentSetting['value']): ComponentSetting => ({
  name: 'MESOS_WORK_DIR',
  value,
  why: workDirReason,
  source: `${mesosMasterDoc} and agent.md, work_dir`,
});

const workDirReason = (lab: LabFacts) =>
  sharesEngine(lab)
    ? "Obligatory. An agent's is a folder of its own at the same path on this machine: the Engine mounts sandboxes by that path."
    : 'Obligatory since Mesos 1.0, and not under /tmp. The Docker Engine of an agent sees it at the same path, because sandboxes are mounted by path.';

/** Where a master, or an agent, is. */
export const mesosAddress: readonly ComponentSetting[] = [
  {
    name: 'MESOS_HOSTNAME',
    value: ({ host }) => host,
    why: ({ placement }) =>
      placement === 'machines'
        ? "The node's address, so that nobody needs a name server."
        : 'The name of the service (of an agent: of the pod), which the network of the lab resolves.',
    source: `${mesosCommonDoc}, hostname`,
    comment: 'What the others are told to reach it by.',
  },
  {
    name: 'MESOS_HOSTNAME_LOOKUP',
    value: () => false,
    why: 'Without it Mesos looks its address up in reverse, and in labs finds nothing or the wrong name.',
    source: `${mesosCommonDoc}, hostname_lookup`,
    comment: 'The name above is meant, not what a name server makes of the address.',
  },
  {
    name: 'MESOS_IP',
    value: ownAddress,
    why: ({ placement }) =>
      placement === 'machines'
        ? "The node's address in the lab's network: not the one of a VM's NAT adapter, which would be found first."
        : 'Not set: each container has one address.',
    source: `${mesosCommonDoc}, ip`,
    comment: 'Listens on this address only.',
  },
  {
    name: 'MESOS_PORT',
    value: ({ port }) => port,
    why: ({ placement }) =>
      placement === 'machines'
        ? 'The port on the node: `ports` in the spec, or the usual one.'
        : "The port that is published on this machine, inside too: Mesos's page asks masters and agents by the name and port that they know of themselves.",
    source: `${mesosCommonDoc}, port`,
  },
];

export const mesosSessionTimeout: ComponentSetting = {
  name: 'MESOS_ZK_SESSION_TIMEOUT',
  ...fasterInFastLabs(fastTiming.sessionTimeoutMs, sessionTimeoutMs),
  source: `${mesosCommonDoc}, zk_session_timeout; docs/high-availability.md`,
  comment: 'Fast lab: a lost master is replaced after 6 s; shorter than all pings together.',
};

/** @param value of Marathon, or of Chronos */
export const libprocessAddress = (value: ComponentSetting['value']): ComponentSetting => ({
  name: 'LIBPROCESS_IP',
  value,
  why: "On several hosts the node's address, for the libmesos inside Marathon and Chronos.",
  source: 'Apache Mesos, docs/configuration/libprocess.md',
  comment: "Mesos answers to this address; a VM's NAT address could not be reached.",
});
