import type { Plan } from '../plan/plan.ts';

/** Why a generated name has its value, as `explain` says it; the files have a shorter word (setting-comments.ts). */
export interface Reason {
  /** How the value of this lab was derived. */
  readonly why: string | ((plan: Plan) => string);
  /** Where the rule comes from. */
  readonly source: string;
}

const mesosMasterDoc = 'Apache Mesos, docs/configuration/master.md';
const mesosAgentDoc = 'Apache Mesos, docs/configuration/agent.md';
const mesosCommonDoc = 'Apache Mesos, docs/configuration/master-and-agent.md';
const operationalGuide = 'Apache Mesos, docs/operational-guide.md';
const haDoc = 'Apache Mesos, docs/high-availability.md';
const marathonFlagsDoc = 'Marathon, docs/command-line-flags.md';
const zookeeperImage = 'README of the official ZooKeeper image';
const zookeeperAdmin = "Apache ZooKeeper, Administrator's Guide";
const marathonLbDoc = 'mesosphere/marathon-lb, README.md and run';
const composeSpec = 'Compose Specification';
const tried = 'tried on Docker Engine 26.1 with a real Mesos master and agents';

const members = ({ zookeepers }: Plan): string => zookeepers.map(({ host }) => host).join(', ');
const fastOnly = (standard: string) => (plan: Plan) =>
  plan.timing === 'fast'
    ? `timing: fast. Mesos's own value is ${standard}; a workshop does not want to wait that long.`
    : `Not set: Mesos's own value, ${standard}, holds. \`timing: fast\` shortens it.`;

/** Every name that the generator writes. test/planning/explain.test.ts holds that none is missing. */
export const settingReasons: Readonly<Record<string, Reason>> = {
  // ZooKeeper
  ZOO_MY_ID: {
    why: 'The myid of this member: `zookeeperId` of its node, or the lowest free number in the order of the nodes. Unique, 1 to 255.',
    source: `${zookeeperAdmin}, "Clustered (Multi-Server) Setup"; ${zookeeperImage}`,
  },
  ZOO_SERVERS: {
    why: (plan) =>
      `One server.ID=HOST:2888:3888;CLIENT for each of the ${plan.zookeepers.length} ZooKeepers (${members(plan)}): 2888 for followers, 3888 for elections.`,
    source: zookeeperImage,
  },
  ZOO_4LW_COMMANDS_WHITELIST: {
    why: 'The four-letter words that health checks and people use.',
    source: `${zookeeperAdmin}, 4lw.commands.whitelist`,
  },
  ZOO_ADMINSERVER_ENABLED: {
    why: "ZooKeeper's AdminServer listens on 8080, which is Marathon's port where both use the host's network.",
    source: zookeeperImage,
  },
  ZOO_AUTOPURGE_PURGEINTERVAL: {
    why: 'Old snapshots and logs are removed every hour, so that a lab left running does not fill the disk.',
    source: `${zookeeperAdmin}, autopurge.purgeInterval`,
  },
  JVMFLAGS: {
    why: 'Heap of ZooKeeper: enough for a lab, and half of the memory limit of its container.',
    source: zookeeperImage,
  },

  // Mesos master
  MESOS_ZK: {
    why: (plan) =>
      `All ZooKeepers with their client port (${plan.urls.zookeeperConnect}) and the path of the masters. The path is obligatory.`,
    source: `${mesosMasterDoc}, zk`,
  },
  MESOS_QUORUM: {
    why: ({ masterCount, quorum }) =>
      `floor(${masterCount}/2)+1 = ${quorum}: a majority of the ${masterCount} master${masterCount === 1 ? '' : 's'}. More masters than 2*quorum-1 can corrupt the replicated log; a smaller quorum loses writes.`,
    source: `${mesosMasterDoc}, quorum; ${operationalGuide}`,
  },
  MESOS_REGISTRY: {
    why: 'replicated_log keeps the registry on disk on every master; in_memory (as old tutorials have it) is for tests.',
    source: `${mesosMasterDoc}, registry; ${operationalGuide}`,
  },
  MESOS_WORK_DIR: {
    why: (plan) =>
      plan.agentDocker === 'socket' && plan.placement === 'one-host'
        ? "Obligatory. An agent's is a folder of its own at the same path on this machine: the Engine mounts sandboxes by that path."
        : 'Obligatory since Mesos 1.0, and not under /tmp. The Docker Engine of an agent sees it at the same path, because sandboxes are mounted by path.',
    source: `${mesosMasterDoc} and agent.md, work_dir`,
  },
  MESOS_CLUSTER: {
    why: 'Shown in the web pages: `mesos.cluster`, or the name of the lab.',
    source: `${mesosMasterDoc}, cluster`,
  },
  MESOS_HOSTNAME: {
    why: (plan) =>
      plan.placement === 'machines'
        ? "The node's address, so that nobody needs a name server."
        : 'The name of the service (of an agent: of the pod), which the network of the lab resolves.',
    source: `${mesosCommonDoc}, hostname`,
  },
  MESOS_HOSTNAME_LOOKUP: {
    why: 'Without it Mesos looks its address up in reverse, and in labs finds nothing or the wrong name.',
    source: `${mesosCommonDoc}, hostname_lookup`,
  },
  MESOS_IP: {
    why: (plan) =>
      plan.placement === 'machines'
        ? "The node's address in the lab's network: not the one of a VM's NAT adapter, which would be found first."
        : 'Not set: each container has one address.',
    source: `${mesosCommonDoc}, ip`,
  },
  MESOS_PORT: {
    why: (plan) =>
      plan.placement === 'machines'
        ? 'The port on the node: `ports` in the spec, or the usual one.'
        : "The port that is published on this machine, inside too: Mesos's page asks masters and agents by the name and port that they know of themselves.",
    source: `${mesosCommonDoc}, port`,
  },
  MESOS_AGENT_PING_TIMEOUT: {
    why: fastOnly('15secs'),
    source: `${mesosMasterDoc}, agent_ping_timeout`,
  },
  MESOS_MAX_AGENT_PING_TIMEOUTS: { why: fastOnly('5'), source: `${mesosMasterDoc}, max_agent_ping_timeouts` },
  MESOS_ZK_SESSION_TIMEOUT: {
    why: fastOnly('10secs'),
    source: `${mesosCommonDoc}, zk_session_timeout; docs/high-availability.md`,
  },

  // Mesos agent
  MESOS_MASTER: {
    why: 'Where agents find the leading master: the same URL as MESOS_ZK of the masters.',
    source: `${mesosAgentDoc}, master; ${haDoc}`,
  },
  MESOS_RESOURCES: {
    why: (plan) =>
      plan.placement === 'machines'
        ? '`resources` of the node or of mesos.agent; without it Mesos offers what the machine has.'
        : plan.agentDocker === 'socket'
          ? 'A share of this machine, with task ports of its own: all agents use one Engine, so their ports must differ.'
          : 'A share of this machine. Ports may be the same on all agents, since each has a network of its own.',
    source: `${mesosAgentDoc}, resources`,
  },
  MESOS_ATTRIBUTES: {
    why: '`attributes` of the node, or of mesos.agent. Marathon constraints use them.',
    source: `${mesosAgentDoc}, attributes`,
  },
  MESOS_CONTAINERIZERS: {
    why: 'docker runs apps with a Docker image, mesos runs commands such as basic-0. Without this only mesos is on.',
    source: `${mesosAgentDoc}, containerizers`,
  },
  MESOS_LAUNCHER: {
    why: 'posix needs no cgroups: the default on Linux fails on cgroup v2 hosts and in containers.',
    source: `${mesosAgentDoc}, launcher; docker/for-mac issue 6386`,
  },
  MESOS_ISOLATION: {
    why: 'posix/cpu,posix/mem measure and do not limit; Docker tasks are limited by Docker.',
    source: `${mesosAgentDoc}, isolation`,
  },
  MESOS_SYSTEMD_ENABLE_SUPPORT: {
    why: 'The agent would look for systemd slices, and there is no systemd in its container.',
    source: `${mesosAgentDoc}, systemd_enable_support`,
  },
  MESOS_EXECUTOR_REGISTRATION_TIMEOUT: {
    why: 'Pulling the image counts; with the default of 1mins the first start of a big image fails.',
    source: `${mesosAgentDoc}, executor_registration_timeout`,
  },
  MESOS_DOCKER_KILL_ORPHANS: {
    why: (plan) =>
      plan.placement === 'one-host' && plan.agentDocker === 'socket'
        ? "false: all agents share this machine's Engine, and each would remove the tasks of the others when it starts."
        : 'true: the Engine belongs to this agent alone, so an unknown mesos-* container is left over from a crash.',
    source: `${mesosAgentDoc}, docker_kill_orphans; ${tried}`,
  },
  MESOS_DOCKER_REMOVE_DELAY: {
    why: 'How long dead containers stay for a look at them.',
    source: `${mesosAgentDoc}, docker_remove_delay`,
  },

  // Marathon
  MARATHON_MASTER: { why: 'The same URL as MESOS_ZK.', source: `${marathonFlagsDoc}, master` },
  MARATHON_ZK: {
    why: 'The same ZooKeepers with a path of its own: Marathon keeps its apps there.',
    source: `${marathonFlagsDoc}, zk`,
  },
  MARATHON_HOSTNAME: {
    why: 'What other Marathons, and Mesos, reach this one by.',
    source: `${marathonFlagsDoc}, hostname`,
  },
  MARATHON_HTTP_ADDRESS: {
    why: "On several hosts the node's address; inside a container not set.",
    source: `${marathonFlagsDoc}, http_address`,
  },
  MARATHON_HTTP_PORT: {
    why: 'The usual port, or `ports.marathon` on several hosts.',
    source: `${marathonFlagsDoc}, http_port`,
  },
  MARATHON_MESOS_USER: {
    why: "Marathon's image runs as nobody, and tasks would run as the same user.",
    source: `${marathonFlagsDoc}, mesos_user`,
  },
  MARATHON_TASK_LAUNCH_TIMEOUT: {
    why: 'Marathon gives a task up after this time; it has to be longer than the pull that the agent allows.',
    source: `${marathonFlagsDoc}, task_launch_timeout; Marathon, docs/native-docker.md`,
  },
  MARATHON_ZK_SESSION_TIMEOUT: {
    why: fastOnly('10000'),
    source: `${marathonFlagsDoc}, zk_session_timeout`,
  },
  LIBPROCESS_IP: {
    why: "On several hosts the node's address, for the libmesos inside Marathon and Chronos.",
    source: 'Apache Mesos, docs/configuration/libprocess.md',
  },
  JAVA_OPTS: {
    why: 'Heap of Marathon; the same as its own default.',
    source: marathonFlagsDoc,
  },

  // Load balancer, Chronos, registry, engines
  PORTS: {
    why: 'The port of the statistics page and the health check; service ports come from the apps.',
    source: marathonLbDoc,
  },
  '--group': {
    why: 'Only apps with the label HAPROXY_GROUP=external are published by the load balancer.',
    source: marathonLbDoc,
  },
  '--marathon': { why: 'Every Marathon; the load balancer takes the first that answers.', source: marathonLbDoc },
  '--health-check': {
    why: "Respects Marathon's health checks: a task gets requests only once Marathon has found it healthy, and no more when it is not.",
    source: marathonLbDoc,
  },
  '--zk_hosts': { why: 'All ZooKeepers; Chronos keeps its jobs there.', source: 'Chronos, docs/configuration.md' },
  '--hostname': {
    why: 'What the other machines reach Chronos by.',
    source: 'Chronos, docs/configuration.md',
  },
  '--master': { why: 'The same URL as MESOS_ZK.', source: 'Chronos, docs/configuration.md' },
  PORT0: {
    why: 'The image passes it to --http_port.',
    source: 'mesos/chronos, bin/start.sh',
  },
  PORT1: {
    why: 'The image passes it to LIBPROCESS_PORT.',
    source: 'mesos/chronos, bin/start.sh',
  },
  JVM_OPTS: {
    why: 'Heap of Chronos; its old Java would take a quarter of the machine and not of the container.',
    source: 'mesos/chronos, bin/start.sh',
  },
  REGISTRY_STORAGE_DELETE_ENABLED: {
    why: 'Images can be removed again.',
    source: 'Distribution, docs/configuration.md',
  },
  REGISTRY_PROXY_REMOTEURL: {
    why: (plan) =>
      plan.registryMirror === undefined
        ? "Docker Hub; agents' engines ask the cache first, so an image is fetched once for all of them."
        : '`registryMirror` of the spec: the cache in the lab asks the one in the house.',
    source: 'Distribution, docs/recipes/mirror.md',
  },
  REGISTRY_HTTP_ADDR: {
    why: "Only on several hosts, where registry and cache are on the node's own address: the registry's port, and the next one for the cache.",
    source: 'Distribution, docs/configuration.md',
  },
  DOCKER_TLS_CERTDIR: {
    why: 'The Engine listens on its socket only; without this the image would make certificates for a TCP port.',
    source: 'README of the official docker:dind image',
  },
  HTTP_PROXY: { why: '`proxy.http` of the spec.', source: 'Docker, docs/engine/daemon/proxy' },
  HTTPS_PROXY: { why: '`proxy.https` of the spec.', source: 'Docker, docs/engine/daemon/proxy' },
  NO_PROXY: { why: 'The registries of the lab and `proxy.noProxy`.', source: 'Docker, docs/engine/daemon/proxy' },

  // Compose
  privileged: {
    why: 'Docker in Docker mounts and makes cgroups; on several hosts the agent manages cgroups of its tasks. Nothing else is privileged.',
    source: `README of the official docker:dind image; ${tried}`,
  },
  pid: {
    why: 'Mesos watches the processes of Docker tasks by their pid.',
    source: `Apache Mesos, docs/docker-containerizer.md; ${tried}`,
  },
  network_mode: {
    why: "One host: Engine and agent use the network of their node, so tasks have the agent's address and a restarted Engine does not strand the agent; pod-keeper needs none. Several hosts: the host's.",
    source: tried,
  },
  init: {
    why: 'Without it the first process would not heed SIGTERM; in a shared pid namespace it gets the orphans.',
    source: composeSpec,
  },
  mem_limit: {
    why: 'A program that runs away ends itself, not the machine. An agent gets what it offers and 512 MB for executors.',
    source: composeSpec,
  },
  restart: {
    why: 'A Mesos master exits when it loses ZooKeeper, and ZooKeeper fails fast: both must come back by themselves.',
    source: `${haDoc}; ${zookeeperImage}`,
  },
  platform: {
    why: 'The image exists for one processor only, or the spec says so.',
    source: composeSpec,
  },
  logging: {
    why: 'At most 3 files of 10 MB for each container: a lab that is left running does not fill the disk.',
    source: 'Docker, docs/engine/logging/drivers/local',
  },
};
