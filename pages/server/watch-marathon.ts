import { setTimeout as sleep } from 'node:timers/promises';
import { openMarathon, readMarathon } from '../../following/marathon-request.ts';
import { listAt, parseJson, textAt, valueAt } from '../../protocol/json.ts';
import { SseDecoder, type ServerSentEvent } from '../../protocol/server-sent-events.ts';
import type { PictureBoard } from './picture-board.ts';
import { showFollowed, showLost, whyNot } from './show-source.ts';
import { isUnderWay, readApp, readDeployment, readPod, readWaiting } from './read-marathon.ts';

interface WatchOptions {
  /** Of all Marathons; each of them answers for the one that leads. */
  readonly marathons: () => readonly string[];
  readonly board: PictureBoard;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const silenceMs = 10_000;
/** Between two rounds through all Marathons. */
const pauseMs = 250;
/** Events within this time lead to one reading, and those within four times as long as the last one took. */
const gatherMs = 100;
const pauseForReading = 4;
/** Queue and counts change without an event, too: seldom when nothing is under way. */
const rereadMs = 2000;
const quietRounds = 5;

/** Follows whichever Marathon answers, until the signal: its events, and after each what it has. */
export async function watchMarathon(options: WatchOptions): Promise<void> {
  const { marathons, board, now, signal } = options;
  while (!signal.aborted) {
    let why = '';
    const tried = marathons();
    for (const url of tried) {
      why = await follow(url, options);
      if (isOver(signal)) return;
      if (board.get('sources', 'marathon')?.state === 'following') break;
    }
    showLost(board, 'marathon', { why, tried, now: now() });
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns why it is not followed any more */
async function follow(url: string, options: WatchOptions): Promise<string> {
  const { board, now, signal } = options;
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  let why = `${url} has ended its stream of events`;
  const fail = (error: unknown) => {
    why = whyNot(url, error);
    ending.abort();
  };
  const reading = readSoon(() => read(url, options, either).catch(fail), either);
  let round = 0;
  const again = setInterval(() => {
    round += 1;
    if (round % quietRounds === 0 || isUnderWay(board.rows('apps'), board.rows('deployments'))) reading.soon();
  }, rereadMs).unref();
  try {
    const request = { url: `${url}/v2/events`, accept: 'text/event-stream', signal: either };
    const events = await openMarathon({ ...request, silenceMs });
    events.setTimeout(0);
    await read(url, options, either);
    showFollowed(board, 'marathon', url, now());
    const decoder = new SseDecoder();
    for await (const chunk of events as AsyncIterable<Buffer>) {
      for (const event of decoder.push(chunk)) {
        tellEvent(board, event);
        reading.soon();
      }
    }
  } catch (error) {
    if (!isOver(ending.signal)) fail(error);
  } finally {
    clearInterval(again);
    reading.stop();
    ending.abort();
  }
  return why;
}

/** What each event says that a person wants to hear; the rest of it is read. */
export function tellEvent(board: PictureBoard, { name, data }: ServerSentEvent): void {
  const event = parseJson(data);
  const deployment = textAt(event, 'id') ?? textAt(event, 'plan', 'id') ?? '';
  const apps = board.get('deployments', deployment)?.apps ?? appsOf(event);
  const about = apps.length === 0 ? deployment : apps.join(', ');
  if (name === 'deployment_success') board.tell({ kind: 'deployment-done', about });
  if (name === 'deployment_failed') {
    board.tell({ kind: 'deployment-failed', about, detail: textAt(event, 'reason') ?? '' });
  }
  if (name === 'deployment_info') {
    const actions = listAt(event, 'currentStep', 'actions').map(
      (each) => `${textAt(each, 'action') ?? ''} ${textAt(each, 'app') ?? textAt(each, 'pod') ?? ''}`,
    );
    board.tell({ kind: 'deployment-began', about: actions.join(', '), detail: deployment });
  }
  if (name === 'health_status_changed_event') {
    const detail = valueAt(event, 'alive') === true ? 'healthy' : 'unhealthy';
    const id = textAt(event, 'taskId') ?? textAt(event, 'instanceId') ?? '';
    board.tell({ kind: 'health', about: textAt(event, 'appId') ?? id, id, detail });
  }
}

/** Of a deployment that is read no more, or was never: one that is done at once. */
const appsOf = (event: unknown): readonly string[] => [
  ...new Set(
    listAt(event, 'plan', 'steps')
      .flatMap((step) => listAt(step, 'actions'))
      .map((action) => textAt(action, 'app') ?? textAt(action, 'pod') ?? ''),
  ),
];

async function read(url: string, { board, now }: WatchOptions, signal: AbortSignal): Promise<void> {
  const ask = (path: string) => readMarathon({ url: `${url}${path}`, accept: 'application/json', signal, silenceMs });
  const [apps, pods, deployments, queue] = await Promise.all([
    ask('/v2/apps?embed=apps.counts&embed=apps.deployments&embed=apps.lastTaskFailure'),
    // Not every Marathon has pods.
    ask('/v2/pods/::status').catch(() => []),
    ask('/v2/deployments'),
    // What is not known of the queue leaves the apps as they are.
    ask('/v2/queue').catch(() => undefined),
  ]);
  if (signal.aborted) return;
  const waiting = readWaiting(queue, now(), (id) => board.get('apps', id)?.waiting);
  board.replace('deployments', new Map(listAt(deployments).map(readDeployment)));
  board.replace(
    'apps',
    new Map([
      ...listAt(apps, 'apps').map((app) => readApp(app, waiting)),
      ...listAt(pods).map((pod) => readPod(pod, waiting, deployments)),
    ]),
  );
}

/** Reads once however often that is asked for, and not again before a while: a fifth of the time at most. */
function readSoon(readNow: () => Promise<void>, signal: AbortSignal) {
  let timer: NodeJS.Timeout | undefined;
  let isReading = false;
  let asked = 0;
  let waitMs = gatherMs;
  const soon = () => {
    asked += 1;
    if (isReading || signal.aborted) return;
    timer ??= setTimeout(() => void run(), waitMs).unref();
  };
  const run = async () => {
    timer = undefined;
    isReading = true;
    const answered = asked;
    const start = performance.now();
    await readNow();
    waitMs = Math.max(gatherMs, pauseForReading * (performance.now() - start));
    isReading = false;
    if (asked > answered) soon();
  };
  return {
    soon,
    stop: () => {
      clearTimeout(timer);
    },
  };
}

const isOver = (signal: AbortSignal) => signal.aborted;
