/*
 * What a program does that is not told otherwise, where the flag tables, the plan and the engine must agree on it.
 * Sources: Apache Mesos, docs/configuration/master.md, agent.md, master-and-agent.md; Marathon,
 * docs/command-line-flags.md.
 */

/** `zk_session_timeout` of masters, agents and Marathon. */
export const sessionTimeoutMs = 10_000;

/** Flags of mesos-master, by what the engine calls them. */
export const masterDefaults = {
  /** `agent_ping_timeout` */
  agentPingTimeoutMs: 15_000,
  /** `max_agent_ping_timeouts` */
  maxAgentPingTimeouts: 5,
  /** `agent_reregister_timeout` */
  agentReregisterTimeoutMs: 600_000,
  /** `registry_fetch_timeout` */
  registryFetchTimeoutMs: 60_000,
  /** `registry_store_timeout` */
  registryStoreTimeoutMs: 20_000,
  /** `allocation_interval` */
  allocationIntervalMs: 1000,
  /** `max_completed_frameworks` */
  maxCompletedFrameworks: 50,
  /** `max_completed_tasks_per_framework` */
  maxCompletedTasks: 1000,
} as const;

/** How long an agent is silent until its master takes it for lost, and a master until its agent does. */
export const silenceMs = masterDefaults.agentPingTimeoutMs * masterDefaults.maxAgentPingTimeouts;

/** What a simulated agent has of what the text of its resources leaves out: it has no machine. */
export const simulatedResources = 'cpus:8;mem:16384;disk:102400;ports:[31000-32000]';

/** Attribute of all simulated agents, so that constraints can have them or keep off them. */
export const simulatedAttribute = { name: 'simulated', value: 'true' } as const;

/** Flags of mesos-agent. */
export const agentDefaults = {
  /** `container_disk_watch_interval` */
  diskWatchMs: 15_000,
  /** `docker_socket` */
  dockerSocket: '/var/run/docker.sock',
  /** `executor_registration_timeout` */
  executorRegistrationMs: 60_000,
  /** `executor_reregistration_timeout`: of Mesos its most, as nothing here waits until it is over. */
  executorReregistrationMs: 15_000,
  /** `isolation` */
  isolation: 'posix/cpu,posix/mem',
  /** `registration_backoff_factor` */
  registrationBackoffMs: 1000,
  /** REGISTER_RETRY_INTERVAL_MAX of src/slave/constants.hpp, which no flag changes. */
  maxRegistrationBackoffMs: 60_000,
  /** `recovery_timeout` */
  recoveryTimeoutMs: 900_000,
  /** `http_heartbeat_interval` */
  heartbeatMs: 30_000,
  /** `sandbox_directory` */
  sandboxDirectory: '/mnt/mesos/sandbox',
} as const;

/** Flags of Marathon. */
export const marathonDefaults = {
  /** `failover_timeout` */
  failoverTimeoutSeconds: 604_800,
  /** `kill_retry_timeout` */
  killRetryMs: 10_000,
  /** `local_port_min` and `local_port_max` */
  servicePorts: { first: 10_000, last: 20_000 },
  /** `max_instances_per_offer` */
  maxInstancesPerOffer: 5,
  /** `reconciliation_interval` */
  reconciliationIntervalMs: 600_000,
  /** `task_launch_timeout` */
  taskLaunchTimeoutMs: 300_000,
} as const;

/** Flags of Chronos (SchedulerConfiguration.scala and CassandraConfiguration.scala of Chronos 3). */
export const chronosDefaults = {
  /** `mesos_framework_name` */
  frameworkName: 'chronos',
  /** `user` */
  user: 'root',
  /** `mesos_role` */
  role: '*',
  /** `mesos_checkpoint` */
  checkpoint: true,
  /** `failover_timeout` */
  failoverTimeoutSeconds: 604_800,
  /** `mesos_task_cpu`, `mesos_task_mem` and `mesos_task_disk` */
  ...{ taskCpus: 0.1, taskMem: 128, taskDisk: 256 },
  /** `failure_retry` */
  failureRetryMs: 60_000,
  /** `disable_after_failures` */
  disableAfterFailures: 0,
  /** `reconciliation_interval` */
  reconciliationIntervalMs: 600_000,
  /** `job_history_limit` */
  jobHistoryLimit: 5,
  /** `decline_offer_duration`: Mesos's own */
  declineOfferSeconds: 5,
} as const;

/** More agents than any cluster of Mesos has had. */
export const mostSimulatedAgents = 100_000;
