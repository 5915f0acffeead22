import type { Component, LabFacts } from './component.ts';
import { mesosAddress, mesosSessionTimeout, mesosWorkDir, sharesEngine } from './mesos-settings.ts';
import { haDoc, mesosAgentDoc, tried } from './sources.ts';

/** What is not there is not set. */
const unlessEmpty = (text: string | undefined) => (text === '' ? undefined : text);

/** For every network that Mesos has it for; a task that names a server itself keeps that (src/docker/docker.cpp). */
const dnsOfTasks = (server: string) =>
  JSON.stringify({
    docker: ['BRIDGE', 'USER'].map((network_mode) => ({ network_mode, dns: { nameservers: [server] } })),
  });

const cniSource =
  'm3scluster/clusterd, src/launcher/docker_executor.cpp; Apache Mesos, isolators/network/cni/cni.cpp; tried with clusterd, built from source, on Docker Engine 26.1';
const cniOnly =
  (why: string) =>
  ({ imageSet }: LabFacts): string =>
    imageSet === 'clusterd' ? why : 'Not set: only the Mesos of image set clusterd needs it.';

/** How long agents keep containers that have ended. */
export const dockerRemoveDelay = '15mins';

export const mesosAgent: Component<'mesos-agent'> = {
  role: 'mesos-agent',
  title: ['agent', 'agents'],
  needs: { role: 'mesos-master', why: 'agents register with a master' },
  waitsFor: ['zookeeper'],
  ports: [{ name: 'http', usual: 5051 }],
  tellsItsPort: true,
  // Beside what it offers: executors and the tasks without Docker live in the agent's container.
  memory: { limit: 512, usual: 80, usualLite: 50 },
  probe: { path: '/health' },
  settings: [
    {
      name: 'MESOS_MASTER',
      value: ({ mesosZk }) => mesosZk,
      why: 'Where agents find the leading master: the same URL as MESOS_ZK of the masters.',
      source: `${mesosAgentDoc}, master; ${haDoc}`,
    },
    // A folder for each lab and agent where the file system is shared, too.
    mesosWorkDir((context) =>
      sharesEngine(context) ? `${context.workDir}/${context.labName}/${context.id}` : context.workDir,
    ),
    ...mesosAddress,
    {
      name: 'MESOS_RESOURCES',
      value: ({ agent }) => unlessEmpty(agent?.resources),
      why: (lab) =>
        lab.placement === 'machines'
          ? '`resources` of the node or of mesos.agent; without it Mesos offers what the machine has.'
          : sharesEngine(lab)
            ? 'A share of this machine, with task ports of its own: all agents use one Engine, so their ports must differ.'
            : 'A share of this machine. Ports may be the same on all agents, since each has a network of its own.',
      source: `${mesosAgentDoc}, resources`,
      comment: 'Without this every agent would offer the whole machine.',
    },
    {
      name: 'MESOS_ATTRIBUTES',
      value: ({ agent }) => unlessEmpty(agent?.attributes),
      why: '`attributes` of the node, or of mesos.agent. Marathon constraints use them.',
      source: `${mesosAgentDoc}, attributes`,
    },
    {
      name: 'MESOS_CONTAINERIZERS',
      value: () => 'docker,mesos',
      why: 'docker runs apps with a Docker image, mesos runs commands such as basic-0. Without this only mesos is on.',
      source: `${mesosAgentDoc}, containerizers`,
      comment: 'Docker tasks and plain commands.',
    },
    {
      name: 'MESOS_LAUNCHER',
      value: () => 'posix',
      why: 'posix needs no cgroups: the default on Linux fails on cgroup v2 hosts and in containers.',
      source: `${mesosAgentDoc}, launcher; docker/for-mac issue 6386`,
      comment: 'The linux launcher wants cgroup v1 mounted, which current hosts do not have.',
    },
    {
      name: 'MESOS_ISOLATION',
      value: () => 'posix/cpu,posix/mem',
      why: 'posix/cpu,posix/mem measure and do not limit; Docker tasks are limited by Docker.',
      source: `${mesosAgentDoc}, isolation`,
    },
    {
      name: 'MESOS_NETWORK_CNI_PLUGINS_DIR',
      value: ({ needsCniFolders }) => (needsCniFolders ? '/opt/cni/bin' : undefined),
      why: cniOnly(
        'mesos-docker-executor reads both CNI folders without looking whether they are set, and crashes: every Docker task would fail. Nothing has to be in this one.',
      ),
      source: cniSource,
      comment: "Without both CNI folders clusterd's executor of Docker tasks crashes.",
    },
    {
      name: 'MESOS_NETWORK_CNI_CONFIG_DIR',
      value: ({ needsCniFolders }) => (needsCniFolders ? '/etc/mesos/cni' : undefined),
      why: cniOnly(
        'See MESOS_NETWORK_CNI_PLUGINS_DIR. The agent refuses a folder that is not there: this one is made, empty (tmpfs; on machines without containers by native/install.sh). One of your own, under mesos.agent.flags, has to be in the image.',
      ),
      source: cniSource,
    },
    {
      name: 'MESOS_SYSTEMD_ENABLE_SUPPORT',
      value: () => false,
      why: 'The agent would look for systemd slices, and there is no systemd in its container.',
      source: `${mesosAgentDoc}, systemd_enable_support`,
      comment: 'No systemd in a container.',
    },
    {
      name: 'MESOS_EXECUTOR_REGISTRATION_TIMEOUT',
      value: () => '5mins',
      why: 'Pulling the image counts; with the default of 1mins the first start of a big image fails.',
      source: `${mesosAgentDoc}, executor_registration_timeout`,
      comment: 'The first pull of an image takes longer than the default minute.',
    },
    {
      name: 'MESOS_DOCKER_KILL_ORPHANS',
      value: (context) => !sharesEngine(context),
      why: (lab) =>
        sharesEngine(lab)
          ? "false: all agents share this machine's Engine, and each would remove the tasks of the others when it starts."
          : 'true: the Engine belongs to this agent alone, so an unknown mesos-* container is left over from a crash.',
      source: `${mesosAgentDoc}, docker_kill_orphans; ${tried}`,
      comment:
        'An agent that starts removes mesos-* containers it does not know; true only where the Engine is its own.',
    },
    {
      name: 'MESOS_DOCKER_REMOVE_DELAY',
      value: () => dockerRemoveDelay,
      why: 'How long dead containers stay for a look at them.',
      source: `${mesosAgentDoc}, docker_remove_delay`,
      comment: 'Default 6hrs: an app that crashes in a loop would fill the disk.',
    },
    {
      name: 'MESOS_ADVERTISE_IP',
      value: ({ gatewayForTasks }) => gatewayForTasks,
      why: (lab) =>
        sharesEngine(lab)
          ? "With Mesos-DNS: a task's name leads to the address of its agent, and the ports of Docker tasks are on this machine, which has this address in the lab's network; the agent is published there, too. Not set without Mesos-DNS."
          : 'Not set: agents and the ports of their tasks have one address.',
      source: `${mesosAgentDoc}, advertise_ip; Mesos-DNS, docs/naming.md`,
      comment: 'The ports of tasks are on this machine, and so their names lead to it.',
    },
    {
      name: 'MESOS_DEFAULT_CONTAINER_DNS',
      value: ({ gatewayForTasks }) => gatewayForTasks && dnsOfTasks(gatewayForTasks),
      why: (lab) =>
        sharesEngine(lab)
          ? "With Mesos-DNS: tasks with a Docker network of the machine's Engine ask it, at the machine's address in the lab's network, where it is published; Mesos has this for no others, so tasks in the host's network keep the machine's resolver. Not set without Mesos-DNS."
          : "Not set: an agent's own Engine tells its containers (--dns), and machines have resolvers of their own.",
      source: `${mesosAgentDoc}, default_container_dns`,
      comment: "Containers of tasks ask Mesos-DNS; this machine's Engine does not know it.",
    },
    {
      name: 'MESOS_DOCKER_CONFIG',
      value: ({ agentDockerConfig }) => agentDockerConfig && `file://${agentDockerConfig}`,
      why: '`dockerConfig` of mesos.agent: credentials of private registries, for apps that fetch none themselves. Mesos reads the file when an agent starts. Not set without it.',
      source: `${mesosAgentDoc}, docker_config; docker-containerizer.md, Private Docker repository`,
      comment: 'Credentials of private registries, for apps that fetch none themselves.',
    },
    mesosSessionTimeout,
    {
      name: 'DOCKER_API_VERSION',
      value: ({ agentDockerApi }) => agentDockerApi,
      why: ({ imageSet }) =>
        imageSet === 'stock'
          ? "Where the agent is an image of your own, its Docker CLI may be new, and an Engine newer than 25 then answers without the ContainerConfig that Apache's Mesos reads of each image. For API 1.44 Engines 26 to 28 still answer with it; Engine 25 is the first that speaks it. Mesosphere's own images have an older CLI, and need nothing."
          : "Not set: only Apache's Mesos needs it (images.set: stock). clusterd's must not have it: it reads Config.Entrypoint.",
      source:
        'Apache Mesos, src/docker/docker.cpp; docker/cli, docs/deprecated.md; tried with Apache Mesos 1.12 on Docker Engine 26.1',
      comment: 'The last API that answers with ContainerConfig, which Mesos reads of each image.',
    },
  ],
};
