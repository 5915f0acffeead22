import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import type { FrameworkInfo, Json } from '../../../protocol/mesos.ts';
import { RecordIoDecoder } from '../../../protocol/record-io.ts';
import type { Discovery } from '../../discovery/discovery.ts';
import { CallLanes, connectionCount } from './call-lanes.ts';
import { PipelinedCalls } from './pipelined-calls.ts';
import type { SchedulerCall, SchedulerEvent } from './scheduler-call.ts';
import { postJson, readText, type OpenAnswer } from './scheduler-http.ts';
import { libprocessFrom } from './libprocess-from.ts';

export interface SchedulerListener {
  readonly onEvent: (event: SchedulerEvent) => void;
  /** The stream of events has ended. */
  readonly onDisconnected: () => void;
  /** The master refuses the framework's id for ever. */
  readonly onRemoved: () => void;
}

interface ConnectionOptions {
  readonly masters: Discovery;
  /** With the id that the framework has by then. */
  readonly frameworkInfo: () => FrameworkInfo;
  readonly listener: SchedulerListener;
  readonly log: (line: string) => void;
}

interface Stream {
  readonly url: URL;
  readonly streamId: string;
  readonly frameworkId: () => string | undefined;
  readonly acknowledgements: PipelinedCalls;
  /** Calls about offers: they arrive in their order. */
  readonly offers: PipelinedCalls;
  /** Another session begins then. */
  readonly end: () => void;
}

const answerTimeoutMs = 10_000;
const minBackoffMs = 100;
const maxBackoffMs = 5000;
/** mesos_heartbeat_failure_threshold of Marathon. */
const missedHeartbeats = 5;
const removed = /framework has been removed|completed framework|framework.*(?:shutdown|shut down)/i;

/**
 * A framework's session with the leading master over Mesos's v1 scheduler HTTP API: subscribes, watches heartbeats,
 * and subscribes again after anything that broke: also after a call that did not arrive, as Mesos's own library does
 * (src/scheduler/scheduler.cpp, disconnected). The master would wait for ever for an answer to the offer that it was about.
 */
export class SchedulerConnection {
  readonly #options: ConnectionOptions;
  readonly #lanes = new CallLanes();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connectionCount });
  readonly #stopping = new AbortController();
  #current: { readonly controller: AbortController; stream?: Stream } | undefined;
  #masterUrl: string | undefined;
  #unwatch: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    // One for each call that is under way.
    setMaxListeners(0, this.#stopping.signal);
  }

  start(): void {
    this.#unwatch = this.#options.masters.watch((leader) => {
      if (leader?.url === this.#masterUrl) return;
      this.#masterUrl = leader?.url;
      this.#failures = 0;
      if (this.#current === undefined) this.#connectSoon(0);
      else this.#current.controller.abort();
    });
  }

  stop(): void {
    this.#unwatch();
    clearTimeout(this.#timer);
    this.#stopping.abort();
    this.#current?.controller.abort();
    this.#agent.destroy();
  }

  get isConnected(): boolean {
    return this.#current?.stream !== undefined;
  }

  /** Sends a call. False when there is no session, or the master does not take it; then the log says why. */
  call(call: SchedulerCall): Promise<boolean> {
    const stream = this.#current?.stream;
    return stream === undefined ? Promise.resolve(false) : this.#lanes.run(call, () => this.#send(call, stream));
  }

  async #send(call: SchedulerCall, stream: Stream): Promise<boolean> {
    const frameworkId = stream.frameworkId();
    // A call is meant for the session in which it was made: its offers are void in the next one.
    if (stream !== this.#current?.stream || frameworkId === undefined) return false;
    try {
      const body = { framework_id: { value: frameworkId }, ...call } as unknown as Json;
      if (call.type === 'ACKNOWLEDGE') return await stream.acknowledgements.post(JSON.stringify(body));
      if (call.type !== 'KILL' && call.type !== 'RECONCILE') {
        return await stream.offers.post(JSON.stringify(body), call.type !== 'ACCEPT');
      }
      const { message } = await postJson(stream.url, body, {
        agent: this.#agent,
        headers: { 'Mesos-Stream-Id': stream.streamId },
        timeoutMs: answerTimeoutMs,
        signal: this.#stopping.signal,
      });
      const text = await readText(message);
      if (message.statusCode === 202 || message.statusCode === 200) return true;
      this.#options.log(`master refused ${call.type}: ${message.statusCode ?? 0} ${text}`);
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#options.log(`${call.type} did not reach the master: ${textOf(error)}`);
      stream.end();
    }
    return false;
  }

  #connectSoon(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      void this.#connect();
    }, delayMs);
    this.#timer.unref();
  }

  async #connect(): Promise<void> {
    const masterUrl = this.#masterUrl;
    if (masterUrl === undefined || this.#current !== undefined) return;
    const current: { readonly controller: AbortController; stream?: Stream } = { controller: new AbortController() };
    this.#current = current;
    try {
      await this.#subscribe(new URL('/api/v1/scheduler', masterUrl), current);
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#options.log(`no session with ${masterUrl}: ${textOf(error)}`);
    }
    const wasConnected = current.stream !== undefined;
    this.#current = undefined;
    if (this.#stopping.signal.aborted) return;
    if (wasConnected) this.#options.listener.onDisconnected();
    this.#connectSoon(Math.min(maxBackoffMs, minBackoffMs * 2 ** this.#failures));
    this.#failures = Math.min(this.#failures + 1, 10);
  }

  /** Resolves or rejects when the session has ended. */
  async #subscribe(url: URL, current: { readonly controller: AbortController; stream?: Stream }): Promise<void> {
    const frameworkInfo = this.#options.frameworkInfo();
    const call = {
      ...(frameworkInfo.id === undefined ? {} : { framework_id: frameworkInfo.id }),
      type: 'SUBSCRIBE',
      subscribe: { framework_info: frameworkInfo },
    } as unknown as Json;
    const { signal } = current.controller;
    // As a framework that speaks libprocess, which Marathon and Chronos are, and Mesos-DNS looks for in the state.
    const headers = { Connection: 'close', ...libprocessFrom(frameworkInfo) };
    const answer = await postJson(url, call, { timeoutMs: answerTimeoutMs, signal, headers });
    const streamId = answer.message.headers['mesos-stream-id'];
    if (answer.message.statusCode !== 200 || typeof streamId !== 'string') {
      const text = await readText(answer.message);
      if (removed.test(text)) this.#options.listener.onRemoved();
      throw new Error(`${answer.message.statusCode ?? 0} ${text}`);
    }
    await this.#readEvents(answer, streamId, current);
  }

  async #readEvents(
    { message, url }: OpenAnswer,
    streamId: string,
    current: { readonly controller: AbortController; stream?: Stream },
  ): Promise<void> {
    const decoder = new RecordIoDecoder();
    let frameworkId: string | undefined;
    let silenceMs = answerTimeoutMs;
    let watchdog: NodeJS.Timeout | undefined;
    const restart = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        message.destroy(new Error(`no heartbeat for ${silenceMs / 1000} s`));
      }, silenceMs);
      watchdog.unref();
    };
    restart();
    try {
      for await (const chunk of message as AsyncIterable<Buffer>) {
        restart();
        for (const record of decoder.push(chunk)) {
          const event = JSON.parse(record) as SchedulerEvent;
          if (event.type === 'SUBSCRIBED') {
            frameworkId = event.subscribed.framework_id.value;
            silenceMs = (event.subscribed.heartbeat_interval_seconds ?? 15) * missedHeartbeats * 1000;
            const end = () => {
              current.controller.abort();
            };
            const pipeline = {
              ...{ url, timeoutMs: answerTimeoutMs, log: this.#options.log, onLost: end },
              headers: { Accept: 'application/json', 'Mesos-Stream-Id': streamId },
            };
            current.stream ??= {
              ...{ url, streamId, frameworkId: () => frameworkId, end },
              acknowledgements: new PipelinedCalls(pipeline),
              offers: new PipelinedCalls(pipeline),
            };
            this.#failures = 0;
            restart();
          }
          this.#deliver(event);
        }
      }
    } finally {
      clearTimeout(watchdog);
      current.stream?.acknowledgements.stop();
      current.stream?.offers.stop();
      message.destroy();
    }
    throw new Error('the master ended the session');
  }

  #deliver(event: SchedulerEvent): void {
    if (event.type === 'ERROR') {
      this.#options.log(`error of the master: ${event.error.message}`);
      if (removed.test(event.error.message)) this.#options.listener.onRemoved();
      // Whoever took over may be an older self: do not fight for the session.
      this.#failures = Math.max(this.#failures, 4);
    }
    this.#options.listener.onEvent(event);
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
