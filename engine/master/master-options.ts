import { masterDefaults } from '../../protocol/mesos-defaults.ts';
import { buildInfo } from '../build-info.ts';
import type { FilesApiOptions } from '../files/files-api.ts';
import { LogLevel } from '../observability/log-level.ts';
import { inMemoryRegistry, type RegistryStore } from './registry/registry-store.ts';
import type { Discovery } from '../discovery/discovery.ts';

/** As `/version` answers. */
export interface VersionInfo {
  /** `1.12.0` */
  readonly version: string;
  readonly buildDate: string;
  /** Seconds since 1970. */
  readonly buildTime: number;
  readonly buildUser: string;
}

export interface MasterOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** What this master calls itself, also in redirects to it. */
  readonly hostname: string;
  /** IPv4 address that others reach this master by. Default: `host`, or 127.0.0.1 when that is every address. */
  readonly advertisedIp?: string;
  /** Name of the cluster. */
  readonly cluster: string;
  /** Masters that must be there before a leader does anything (`--quorum`). */
  readonly quorum: number;
  /** How long a new leader waits for a quorum (`--registry_fetch_timeout`). */
  readonly registryFetchTimeoutMs?: number;
  /** How long a leader that has lost its quorum may wait to admit an agent (`--registry_store_timeout`). */
  readonly registryStoreTimeoutMs?: number;
  /** Where it keeps what operators have decided; default: in memory. */
  readonly registry?: RegistryStore;
  readonly version?: VersionInfo;
  readonly discovery: Discovery;
  /** `--agent_ping_timeout` */
  readonly agentPingTimeoutMs?: number;
  /** `--max_agent_ping_timeouts` */
  readonly maxAgentPingTimeouts?: number;
  /** How long after its election a master waits for agents of its predecessor. */
  readonly agentReregisterTimeoutMs?: number;
  /** Offers are rescinded after this time; none by default (`--offer_timeout`). */
  readonly offerTimeoutMs?: number;
  /** How soon freed resources are offered again (`--allocation_interval`). */
  readonly allocationIntervalMs?: number;
  /** Of the streams of the scheduler API. Default 15 s. */
  readonly heartbeatIntervalMs?: number;
  /** `--max_completed_frameworks` */
  readonly maxCompletedFrameworks?: number;
  /** `--max_completed_tasks_per_framework` and `--max_unreachable_tasks_per_framework`. */
  readonly maxCompletedTasks?: number;
  /** As `/flags` reports them. */
  readonly flags: Readonly<Record<string, string>>;
  /** The file that it logs to, served as `/master/log`; `flags` say which flag names it. */
  readonly logFile?: { readonly path: string; readonly sandboxes: FilesApiOptions['sandboxes'] };
  /** Milliseconds since 1970; default the machine's clock. */
  readonly now?: () => number;
  /** `system/…` of the metrics, from whoever may look at the machine. */
  readonly systemMetrics?: () => Readonly<Record<string, number>>;
  /** When a leader with a quorum has recovered; default at once, for there is no log to recover from. */
  readonly recoverAfter?: (recovered: () => void) => void;
}

/** With every default filled in, and the identity of this process. */
export interface MasterSettings extends Required<Omit<MasterOptions, 'offerTimeoutMs' | 'logFile'>> {
  readonly offerTimeoutMs: number | undefined;
  readonly logFile: MasterOptions['logFile'];
  /** A UUID: prefix of every id that this master gives. */
  readonly masterId: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly log: (line: string) => void;
  readonly logLevel: LogLevel;
}

/** The release whose API this is, and who really built it. */
const engineVersion: VersionInfo = {
  version: '1.12.0',
  ...buildInfo,
};

const isAnyAddress = (host: string) => host === '0.0.0.0' || host === '::' || host === 'localhost';

export function toSettings(options: MasterOptions, masterId: string, log: (line: string) => void): MasterSettings {
  const now = options.now ?? (() => Date.now());
  return {
    version: engineVersion,
    ...masterDefaults,
    heartbeatIntervalMs: 15_000,
    systemMetrics: () => ({}),
    registry: inMemoryRegistry()(),
    recoverAfter: (recovered) => setImmediate(recovered),
    advertisedIp: isAnyAddress(options.host) ? '127.0.0.1' : options.host,
    ...options,
    now,
    offerTimeoutMs: options.offerTimeoutMs,
    logFile: options.logFile,
    masterId,
    startTime: now(),
    log,
    logLevel: new LogLevel(log, now),
  };
}
