import { sessionTimeoutMs } from '../../protocol/mesos-defaults.ts';
import { durationUnits, isDurationUnit } from '../../protocol/duration-units.ts';
import type { Component, SettingsContext } from './component.ts';
import { fastTiming, inFastLabs } from './fast-timing.ts';
import { libprocessAddress, ownAddress } from './mesos-settings.ts';
import { marathonFlagsDoc } from './sources.ts';

/** Ten minutes, or a minute more than an agent may take to start an executor. */
function taskLaunchTimeoutMs({ askedRegistrationTimeout = '' }: SettingsContext): number {
  const [, amount = '0', unit = ''] = /^([\d.]+)(\w+)$/.exec(askedRegistrationTimeout) ?? [];
  const asked = isDurationUnit(unit) ? Number(amount) * durationUnits[unit] : 0;
  return Math.max(600, Math.ceil(asked / 1000) + 60) * 1000;
}

export const marathon: Component<'marathon'> = {
  role: 'marathon',
  title: ['Marathon', 'Marathons'],
  needs: { role: 'mesos-master', why: 'Marathon gets its offers from a master' },
  waitsFor: ['zookeeper', 'mesos-master'],
  ports: [{ name: 'http', usual: 8080 }],
  memory: { limit: 1024, usual: 550, usualLite: 50 },
  probe: { path: '/ping', startsSlowly: true },
  page: { title: 'Marathon', short: 'Marathon', shows: 'apps and deployments', litePath: '/v2/apps' },
  settings: [
    {
      name: 'MARATHON_MASTER',
      value: ({ mesosZk }) => mesosZk,
      why: 'The same URL as MESOS_ZK.',
      source: `${marathonFlagsDoc}, master`,
    },
    {
      name: 'MARATHON_ZK',
      value: ({ marathonZk }) => marathonZk,
      why: 'The same ZooKeepers with a path of its own: Marathon keeps its apps there.',
      source: `${marathonFlagsDoc}, zk`,
    },
    {
      name: 'MARATHON_HOSTNAME',
      value: ({ host }) => host,
      why: 'What other Marathons, and Mesos, reach this one by.',
      source: `${marathonFlagsDoc}, hostname`,
    },
    {
      name: 'MARATHON_HTTP_ADDRESS',
      value: ownAddress,
      why: "On several hosts the node's address; inside a container not set.",
      source: `${marathonFlagsDoc}, http_address`,
      comment: 'Listens on this address only.',
    },
    {
      name: 'MARATHON_HTTP_PORT',
      value: ({ port }) => port,
      why: 'The usual port, or `ports.marathon` on several hosts.',
      source: `${marathonFlagsDoc}, http_port`,
    },
    {
      name: 'MARATHON_MESOS_USER',
      value: () => 'root',
      why: "Marathon's image runs as nobody, and tasks would run as the same user.",
      source: `${marathonFlagsDoc}, mesos_user`,
      comment: 'Else tasks run as nobody, the user of the image, whom agents may not know.',
    },
    {
      name: 'MARATHON_TASK_LAUNCH_TIMEOUT',
      value: taskLaunchTimeoutMs,
      why: 'Marathon gives a task up after this time; it has to be longer than the pull that the agent allows.',
      source: `${marathonFlagsDoc}, task_launch_timeout; Marathon, docs/native-docker.md`,
      comment: "Milliseconds; longer than the agents' MESOS_EXECUTOR_REGISTRATION_TIMEOUT.",
    },
    {
      name: 'MARATHON_ZK_SESSION_TIMEOUT',
      ...inFastLabs(fastTiming.sessionTimeoutMs, sessionTimeoutMs),
      source: `${marathonFlagsDoc}, zk_session_timeout`,
      comment: 'Fast lab: milliseconds; a lost Marathon is replaced sooner.',
    },
    {
      name: 'MARATHON_DEFAULT_NETWORK_NAME',
      value: ({ taskNetwork }) => taskNetwork,
      why: '`taskNetwork` of the spec. Not set without it: then Marathon refuses an app whose network has no name.',
      source: `${marathonFlagsDoc}, default_network_name; docs/networking.md`,
      comment: 'What apps mean by `"mode": "container"` without a name.',
    },
    libprocessAddress((context) => (context.isOurs ? undefined : ownAddress(context))),
    {
      name: 'JAVA_OPTS',
      value: ({ isOurs }) => (isOurs ? undefined : '-Xmx512m'),
      why: 'Heap of Marathon; the same as its own default.',
      source: marathonFlagsDoc,
      comment: 'Half of the memory limit.',
    },
  ],
};
