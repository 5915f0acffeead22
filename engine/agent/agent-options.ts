import type { Processes } from '../../platform/processes/processes.ts';
import type { SurvivingProcesses } from '../../platform/processes/surviving/surviving-process.ts';
import type { Sandboxes } from '../../platform/files/sandboxes.ts';
import type { EngineWorld } from '../component.ts';
import type { FetchOptions } from './fetch/fetch-options.ts';
import type { Discovery } from '../discovery/discovery.ts';
import type { ContainerDns } from './docker/container-dns.ts';
import type { OutlivingTasks } from './executors/outliving-executor.ts';

export interface AgentOptions {
  /** Address to bind, for the agent and for simulated containers. */
  readonly host: string;
  /** Address that others reach the agent and its tasks by. Default: `host`, or 127.0.0.1 when that is every address. */
  readonly advertisedIp?: string;
  /** 0: one that is free. */
  readonly port: number;
  /** What masters and frameworks call this agent. */
  readonly hostname: string;
  readonly masters: Discovery;
  /** `cpus:2;mem:1024;ports:[31000-32000]`; what is missing of cpus, mem, disk and ports is the machine's. */
  readonly resources: string;
  /** `rack:abc;zone:west`, or empty. */
  readonly attributes: string;
  /** Absolute: sandboxes and records. No two agents may share one. */
  readonly workDir: string;
  /** What the agent says its version is, such as `1.11.0`. */
  readonly version: string;
  /**
   * `simulated`: no container, but the task's ports answer HTTP and say so. `none`: such tasks fail (containerizers
   * without docker). Else: how containers are run with Docker.
   */
  readonly dockerTasks: 'simulated' | 'none' | DockerTasks;
  /**
   * What is made of the records that a former agent left below workDir/meta. `none` (default): there are none, tasks end
   * with the agent, and each start is a new agent. `reconnect`: the same agent goes on with its containers, which a stop
   * leaves running. `cleanup`: what is left of them is ended, and the start fails with CleanedUp (mesos-agent exits then).
   */
  readonly recovery?: 'none' | 'reconnect' | 'cleanup';
  /** Whether records that cannot be read are an error (`--strict`). Default true. */
  readonly strict?: boolean;
  /** First interval at which an unacknowledged status update is sent again; doubles up to ten minutes. Default 10000. */
  readonly statusRetryMs?: number;
  /** First pause before the next attempt to register; doubles up to a minute (`registration_backoff_factor`). */
  readonly registrationBackoffMs?: number;
  /** Longest of those pauses. Default: that minute. */
  readonly maxRegistrationBackoffMs?: number;
  /** How long an executor of a framework's own may take to subscribe (`executor_registration_timeout`). Default 60000. */
  readonly executorRegistrationMs?: number;
  /** How long one may take to subscribe again when its agent has restarted (`executor_reregistration_timeout`). Default 15000. */
  readonly executorReregistrationMs?: number;
  /** How long one may take to end after it was asked to (`executor_shutdown_grace_period`). Default 5000. */
  readonly executorShutdownMs?: number;
  /** A master that says nothing for so long is given up. Default: agent_ping_timeout x max_agent_ping_timeouts. */
  readonly masterSilenceMs?: number;
  /** How long such an executor waits for the next agent when this one is gone (`recovery_timeout`). Default 900000. */
  readonly recoveryTimeoutMs?: number;
  /** Between two signs of life to who is attached to a container (`http_heartbeat_interval`). Default 30000. */
  readonly heartbeatMs?: number;
  /** What containers are isolated by, as far as it is done here: `disk/du` (`isolation`). Default: posix/cpu,posix/mem. */
  readonly isolation?: string;
  /** Pause between two looks at what containers have on the disk (`container_disk_watch_interval`). Default 15000. */
  readonly diskWatchMs?: number;
  /** Whether what has more there than its `disk` is ended (`enforce_container_disk_quota`). Default false. */
  readonly enforceDiskQuota?: boolean;
  /** The file that it logs to, served as `/slave/log`; `flags` say which flag names it. */
  readonly logFile?: string;
  /** How the files are fetched that a command names. */
  readonly fetch?: FetchOptions;
  /** As `/flags` reports them, in place of what these options say. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Bound for each of a task's output files. Default 10 MiB, as in Mesos's logrotate container logger. */
  readonly maxOutputBytes?: number;
}

/** How containers are run with the Docker CLI; in parentheses the flag of mesos-agent that it is. */
export interface DockerTasks {
  /** Path or name of the CLI (`docker`, default there `docker`). */
  readonly cli: string;
  /** Absolute path of the Engine's socket (`docker_socket`). */
  readonly socket?: string;
  /** Whether containers `mesos-*` that the agent does not know are removed when it starts (`docker_kill_orphans`, true). */
  readonly killOrphans: boolean;
  /** How long a container that has ended is kept (`docker_remove_delay`, 6hrs). */
  readonly removeDelayMs: number;
  /** Ended containers that are kept at most, whatever their age: a crash loop must not fill the disk. Default 10. */
  readonly maxEndedContainers?: number;
  /** Between `docker stop`'s SIGTERM and SIGKILL, for tasks without a kill policy (`executor_shutdown_grace_period`, 5secs). */
  readonly stopTimeoutMs: number;
  /** JSON of a Docker configuration with registry credentials (`docker_config`), for tasks that fetch none themselves. */
  readonly configJson?: string;
  /** Whether cpus are a ceiling, too (`cgroups_enable_cfs`, false). */
  readonly enableCfs?: boolean;
  /** Whom containers ask for names (`default_container_dns`). Default: whom the Engine says. */
  readonly dns?: readonly ContainerDns[];
  /** Where the sandbox is in a container (`sandbox_directory`). */
  readonly sandboxDirectory?: string;
  /** How long the start of an agent waits for the Engine. Default 30000. */
  readonly engineTimeoutMs?: number;
  /** How long a pull may take, with the start of its container (`executor_registration_timeout` is its like). Default 600000. */
  readonly pullTimeoutMs?: number;
}

export interface AgentWorld extends EngineWorld {
  readonly processes: Processes;
  readonly sandboxes: Sandboxes;
  /** Where commands and simulated containers run so that they outlive the agent; missing: they end with it. */
  readonly outliving?: OutlivingTasks;
  /** Where commands run so that they outlive this process; missing: they end with the agent, or as `outliving` says. */
  readonly survivors?: SurvivingProcesses;
}

/** Address that others reach the agent and its tasks by. */
export function ipOf({ host, advertisedIp }: AgentOptions): string {
  if (advertisedIp !== undefined) return advertisedIp;
  return host === '0.0.0.0' || host === '::' || host === 'localhost' ? '127.0.0.1' : host;
}
