import type { Processes } from '../../platform/processes.ts';
import type { Sandboxes } from '../../platform/sandboxes.ts';
import type { EngineWorld } from '../component.ts';
import type { Discovery } from '../discovery/discovery.ts';

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
  /** `simulated`: no container, but the task's ports answer HTTP and say so. `docker-cli`: not there yet; such tasks fail. */
  readonly dockerTasks: 'simulated' | 'docker-cli';
  /** First interval at which an unacknowledged status update is sent again; doubles up to ten minutes. Default 10000. */
  readonly statusRetryMs?: number;
  /** First pause before the next attempt to register; doubles up to a minute. Default 1000. */
  readonly registrationBackoffMs?: number;
  /** A master that says nothing for so long is given up. Default 75000, as agent_ping_timeout x max_agent_ping_timeouts. */
  readonly masterSilenceMs?: number;
  /** Bound for each of a task's output files. Default 10 MiB, as in Mesos's logrotate container logger. */
  readonly maxOutputBytes?: number;
}

export interface AgentWorld extends EngineWorld {
  readonly processes: Processes;
  readonly sandboxes: Sandboxes;
}

/** Address that others reach the agent and its tasks by. */
export function ipOf({ host, advertisedIp }: AgentOptions): string {
  if (advertisedIp !== undefined) return advertisedIp;
  return host === '0.0.0.0' || host === '::' || host === 'localhost' ? '127.0.0.1' : host;
}
