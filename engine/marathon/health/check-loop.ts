import { simulatedAttribute } from '../../../protocol/mesos-defaults.ts';
import type { App, HealthCheck } from '../../../protocol/marathon.ts';
import type { Instance } from '../scheduling/instances.ts';
import { taskPorts } from '../scheduling/task-environment.ts';
import type { probe as Probe, ProbeResult, ProbeTarget } from './probe.ts';

/** The first probe comes this soon after the start of the task, the next ones later and later. */
const firstDelayMs = 50;
const minTimeoutMs = 1000;

/**
 * One check of one task, over and over. Until the first success, while failures do not count (gracePeriodSeconds), it is
 * tried more often than `intervalSeconds` says, from 50 ms on, doubling: a lab shall not wait a minute for an app that is there within the second. Marathon's own
 * rhythm begins with the first success.
 */
export class CheckLoop {
  readonly #target: ProbeTarget | undefined;
  /** Of a simulated task nothing could be asked: its check passes once and for all, as its status says. */
  readonly #passesUnasked: boolean;
  readonly #intervalMs: number;
  readonly #probe: typeof Probe;
  readonly #onResult: (result: ProbeResult) => void;
  /** No failure counts before then. */
  readonly #isInGrace: () => boolean;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #eagerDelayMs: number | undefined = firstDelayMs;

  constructor(
    instance: Instance,
    app: App,
    check: HealthCheck,
    world: { readonly probe: typeof Probe; readonly clock: () => number },
    onResult: (result: ProbeResult) => void,
  ) {
    const { probe, clock } = world;
    const graceEnds = (instance.startedAt ?? clock()) + check.gracePeriodSeconds * 1000;
    this.#isInGrace = () => clock() < graceEnds;
    this.#passesUnasked = instance.attributes[simulatedAttribute.name] === simulatedAttribute.value;
    this.#target = probeTarget(instance, app, check);
    this.#intervalMs = Math.max(check.intervalSeconds * 1000, firstDelayMs);
    this.#probe = probe;
    this.#onResult = onResult;
  }

  start(): void {
    this.#schedule(firstDelayMs);
  }

  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      void this.#check();
    }, delayMs);
    this.#timer.unref();
  }

  async #check(): Promise<void> {
    if (this.#passesUnasked) {
      this.#onResult(undefined);
      return;
    }
    const result =
      this.#target === undefined ? 'the task has no such port' : await this.#probe(this.#target, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    if (result === undefined || !this.#isInGrace()) this.#eagerDelayMs = undefined;
    this.#onResult(result);
    if (this.#eagerDelayMs === undefined) this.#schedule(this.#intervalMs);
    else {
      this.#eagerDelayMs = Math.min(this.#eagerDelayMs * 2, this.#intervalMs);
      this.#schedule(this.#eagerDelayMs);
    }
  }
}

/**
 * Where a check goes: to the agent, or to the address of a container in a network that has a name, even where the port is
 * one of the agent (HealthCheckWorker.check and NetworkInfo.effectiveIpAddress of Marathon).
 * @param prefersAgent goes to the agent then (NetworkInfo.portAssignments, of which readiness checks are)
 */
export function probeTarget(
  instance: Instance,
  app: App,
  check: Pick<HealthCheck, 'protocol' | 'path' | 'port' | 'portIndex' | 'timeoutSeconds'>,
  prefersAgent = false,
): ProbeTarget | undefined {
  const { protocol } = check;
  if (protocol !== 'HTTP' && protocol !== 'HTTPS' && protocol !== 'TCP') return undefined;
  const indexed = taskPorts(app, instance.hostPorts)[check.portIndex ?? 0];
  const [address] = instance.ipAddresses;
  const isOnAgent = prefersAgent && indexed?.hostPort !== undefined;
  const hasOwnAddress = app.networks.some(({ mode }) => mode === 'container');
  const host = hasOwnAddress && !isOnAgent ? address?.ipAddress : instance.host;
  const port = check.port ?? indexed?.hostPort ?? indexed?.requested;
  if (host === undefined || port === undefined || port === 0) return undefined;
  const timeoutMs = Math.max(check.timeoutSeconds * 1000, minTimeoutMs);
  return { protocol, host, port, path: check.path ?? '/', timeoutMs };
}
