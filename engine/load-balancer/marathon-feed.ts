import { setTimeout as sleep } from 'node:timers/promises';
import { SseDecoder } from '../../protocol/server-sent-events.ts';
import { readApps, type MarathonApp } from './marathon-app.ts';
import { openMarathon, readMarathon } from '../../following/marathon-request.ts';

export interface FeedOptions {
  /** Tried in turn: `http://127.0.0.1:8080`. */
  readonly marathonUrls: readonly string[];
  readonly onApps: (apps: readonly MarathonApp[]) => void;
  readonly log: (line: string) => void;
  readonly timing?: Partial<FeedTiming>;
  /** Whether any of these apps is of use; then they are read with their tasks. Default: always. */
  readonly isAnyServed?: (apps: readonly MarathonApp[]) => boolean;
  /** Does something after so many milliseconds, unless it is told not to; default `setTimeout`. */
  readonly after?: (ms: number, action: () => void) => () => void;
}

/** In milliseconds. */
export interface FeedTiming {
  /** Events within this time lead to one reading; and within four times as long as the last reading took. */
  readonly debounceMs: number;
  /** Waits between attempts to connect; the last one goes on. While there are no events, the apps are read as often. */
  readonly backoffMs: readonly number[];
  /** The apps are read this often, events or not: one may have been lost. */
  readonly rereadMs: number;
  /** For an answer to begin, and to go on. */
  readonly answerMs: number;
}

const afterTimeout: NonNullable<FeedOptions['after']> = (ms, action) => {
  const timer = setTimeout(action, ms);
  return () => {
    clearTimeout(timer);
  };
};

const defaultTiming: FeedTiming = {
  debounceMs: 20,
  backoffMs: [100, 250, 500, 1000, 2000, 5000],
  rereadMs: 15_000,
  answerMs: 10_000,
};

export interface MarathonFeed {
  /** Resolves when nothing of it is left. */
  readonly stop: () => Promise<void>;
  /** Whether the apps were read at least once. */
  readonly hasApps: () => boolean;
  /** Reads the apps now; what fails is tried again as always. */
  readonly reread: () => Promise<void>;
}

/** Of the time at most one part in five goes into reading, however many apps and tasks change all the time. */
const pauseForReading = 4;

/** Events that say nothing about apps and tasks. All others lead to a reading: a new kind of event is worth a look. */
const irrelevant: ReadonlySet<string> = new Set([
  'event_stream_attached',
  'event_stream_detached',
  'subscribe_event',
  'unsubscribe_event',
  'scheduler_registered_event',
  'scheduler_reregistered_event',
]);

/**
 * Follows Marathon: reads all apps when it has connected to `/v2/events` (server-sent events), after every relevant
 * event, and from time to time. Without events it polls. What was read last stays valid while Marathon is away.
 */
export function followMarathon(options: FeedOptions): MarathonFeed {
  const timing = { ...defaultTiming, ...options.timing };
  const stopped = new AbortController();
  const reader = appReader(options, timing, stopped.signal);
  let [current = ''] = options.marathonUrls;
  const read = (base: string) => {
    current = base;
    return reader.read(base);
  };
  const following = follow(options, timing, stopped.signal, read);
  return {
    hasApps: reader.hasApps,
    reread: () => reader.read(current.replace(/\/$/, '')).catch(() => undefined),
    stop: async () => {
      stopped.abort();
      await Promise.allSettled([following, reader.idle()]);
    },
  };
}

/** Reads the apps: one reading at a time, and another one after it if it was asked for meanwhile. */
function appReader(options: FeedOptions, timing: FeedTiming, signal: AbortSignal) {
  const { isAnyServed = () => true } = options;
  let hasApps = false;
  let wasServing = isAnyServed([]);
  let running: Promise<void> | undefined;
  let asked = false;
  const get = async (url: string) =>
    readApps(await readMarathon({ url, accept: 'application/json', signal, silenceMs: timing.answerMs }));
  const readOnce = async (base: string) => {
    // Their tasks are most of an answer, and may be a hundred thousand that nobody is served by.
    let apps = wasServing ? [] : await get(`${base}/v2/apps`);
    if (wasServing || isAnyServed(apps)) apps = await get(`${base}/v2/apps?embed=apps.tasks`);
    if (signal.aborted) return;
    wasServing = isAnyServed(apps);
    hasApps = true;
    options.onApps(apps);
  };
  const read = async (base: string): Promise<void> => {
    asked = true;
    if (running !== undefined) return running;
    running = (async () => {
      while (asked && !signal.aborted) {
        asked = false;
        await readOnce(base);
      }
    })();
    try {
      await running;
    } finally {
      running = undefined;
    }
  };
  return { read, hasApps: () => hasApps, idle: () => running };
}

async function follow(
  { marathonUrls, log, after = afterTimeout }: FeedOptions,
  timing: FeedTiming,
  signal: AbortSignal,
  read: (base: string) => Promise<void>,
): Promise<void> {
  let failures = 0;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const base = (marathonUrls[attempt % marathonUrls.length] ?? '').replace(/\/$/, '');
    const world = { timing, signal, read, after };
    const reason = await followEvents(base, world, () => {
      if (failures > 0) log(`events of ${base} again`);
      failures = 0;
    });
    if (failures === 0 && !isOver(signal))
      log(`no events of ${base}: ${reason}; the apps are read every few seconds until there are`);
    const backoffMs = timing.backoffMs[Math.min(failures, timing.backoffMs.length - 1)] ?? 5000;
    await sleep(backoffMs, undefined, { signal }).catch(() => undefined);
    failures++;
    // What cannot be read either is tried again in a moment.
    await read(base).catch(() => undefined);
  }
}

interface FollowWorld extends Required<Pick<FeedOptions, 'after'>> {
  readonly timing: FeedTiming;
  readonly signal: AbortSignal;
  readonly read: (base: string) => Promise<void>;
}

/** Reads the apps after events until the stream ends. @returns why it did */
async function followEvents(
  base: string,
  { timing, signal, read, after }: FollowWorld,
  onConnected: () => void,
): Promise<string> {
  const ending = new AbortController();
  const end = () => {
    ending.abort();
  };
  signal.addEventListener('abort', end);
  let reason = 'the stream ended';
  const fail = (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
    ending.abort();
  };
  let forget: (() => void) | undefined;
  let isReading = false;
  let asked = 0;
  let pauseMs = 0;
  const readNow = async () => {
    const startedAt = performance.now();
    const answered = asked;
    isReading = true;
    await read(base).catch(fail);
    isReading = false;
    pauseMs = pauseForReading * (performance.now() - startedAt);
    if (asked > answered) readSoon();
  };
  const readSoon = () => {
    asked += 1;
    if (isReading || ending.signal.aborted) return;
    forget ??= after(Math.max(timing.debounceMs, pauseMs), () => {
      forget = undefined;
      void readNow();
    });
  };
  const reread = setInterval(readSoon, timing.rereadMs);
  try {
    // Silence is no reason to break off: nothing may happen for hours. That Marathon still answers is seen by reading.
    const request = { url: `${base}/v2/events`, accept: 'text/event-stream', signal: ending.signal };
    const events = await openMarathon({ ...request, silenceMs: timing.answerMs });
    events.setTimeout(0);
    await read(base);
    onConnected();
    const decoder = new SseDecoder();
    for await (const chunk of events as AsyncIterable<Buffer>) {
      if (decoder.push(chunk).some(({ name }) => !irrelevant.has(name))) readSoon();
    }
  } catch (error) {
    if (!ending.signal.aborted) fail(error);
  } finally {
    clearInterval(reread);
    forget?.();
    signal.removeEventListener('abort', end);
    ending.abort();
  }
  return reason;
}

const isOver = (signal: AbortSignal) => signal.aborted;
