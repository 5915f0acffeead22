/**
 * The short word in the generated files on a value that does not explain itself, by name; what it is derived from, and the
 * source, is in setting-reasons.ts. Apart from it because every start needs these, and only `explain` the others.
 */
const settingComments: Readonly<Record<string, string>> = {
  ZOO_SERVERS: 'All members, the same line on each; the client port behind the semicolon is set nowhere else.',
  ZOO_4LW_COMMANDS_WHITELIST: 'Only srvr by default; ruok and mntr let checks ask.',
  ZOO_ADMINSERVER_ENABLED: "Would listen on 8080, Marathon's port.",
  ZOO_AUTOPURGE_PURGEINTERVAL: 'Hours; 0, the default, keeps old snapshots for ever.',
  JVMFLAGS: 'Half of the memory limit.',
  MESOS_QUORUM: 'Majority of the masters: floor(n/2)+1.',
  MESOS_REGISTRY: 'Keeps the list of agents over a restart; in_memory forgets it.',
  MESOS_HOSTNAME: 'What the others are told to reach it by.',
  MESOS_HOSTNAME_LOOKUP: 'The name above is meant, not what a name server makes of the address.',
  MESOS_IP: 'Listens on this address only.',
  MESOS_AGENT_PING_TIMEOUT: 'Fast lab: a lost agent is noticed after 9 s (3 x 3 s) instead of 75 s.',
  MESOS_ZK_SESSION_TIMEOUT: 'Fast lab: a lost master is replaced after 6 s; shorter than all pings together.',
  MESOS_RESOURCES: 'Without this every agent would offer the whole machine.',
  MESOS_CONTAINERIZERS: 'Docker tasks and plain commands.',
  MESOS_LAUNCHER: 'The linux launcher wants cgroup v1 mounted, which current hosts do not have.',
  MESOS_NETWORK_CNI_PLUGINS_DIR: "Without both CNI folders clusterd's executor of Docker tasks crashes.",
  MESOS_SYSTEMD_ENABLE_SUPPORT: 'No systemd in a container.',
  MESOS_EXECUTOR_REGISTRATION_TIMEOUT: 'The first pull of an image takes longer than the default minute.',
  MESOS_DOCKER_KILL_ORPHANS:
    'An agent that starts removes mesos-* containers it does not know; true only where the Engine is its own.',
  MESOS_DOCKER_REMOVE_DELAY: 'Default 6hrs: an app that crashes in a loop would fill the disk.',
  DOCKER_API_VERSION: 'The last API that answers with ContainerConfig, which Mesos reads of each image.',
  MARATHON_HTTP_ADDRESS: 'Listens on this address only.',
  MARATHON_MESOS_USER: 'Else tasks run as nobody, the user of the image, whom agents may not know.',
  MARATHON_TASK_LAUNCH_TIMEOUT: "Milliseconds; longer than the agents' MESOS_EXECUTOR_REGISTRATION_TIMEOUT.",
  MARATHON_ZK_SESSION_TIMEOUT: 'Fast lab: milliseconds; a lost Marathon is replaced sooner.',
  LIBPROCESS_IP: "Mesos answers to this address; a VM's NAT address could not be reached.",
  JAVA_OPTS: 'Half of the memory limit.',
  JVM_OPTS: 'Half of the memory limit; its old Java would look at the whole machine.',
  PORTS: 'Obligatory: the image refuses to start without.',
  PORT0: 'Web page and API.',
  PORT1: 'libprocess.',
  REGISTRY_PROXY_REMOTEURL:
    'Makes this registry a pull-through cache. Such a one takes no pushes, and ends when its upstream does not answer at its start.',
  REGISTRY_HTTP_ADDR: 'Listens on this address only.',
  DOCKER_TLS_CERTDIR: 'No certificates: this Engine has no TCP port at all.',
  pid: "The agent must see the processes of its Engine's containers.",
  init: 'Ends at once when it is told to, and reaps zombies.',
  platform: 'Other processors emulate it.',
};

/** The sentence for the generated file, if there is one. */
export function commentOf(name: string): string | undefined {
  return settingComments[name];
}
