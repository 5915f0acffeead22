import type { clusterClient } from '../../checks/cluster-client.ts';
import { allTasks, anyOf } from './all-tasks.ts';
import { followComponents, followNewComponents, type ComponentSink, type ComponentsWorld } from './component-logs.ts';
import { LineOrder } from './line-order.ts';
import type { LogLine } from './log-line.ts';
import type { LogSources } from './log-sources.ts';
import { followTasks } from './task-logs.ts';

/** Which lines, and how many. */
export interface LogChoice {
  readonly tail: number;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly follow: boolean;
  readonly grep?: RegExp | undefined;
}

/** What showing logs needs of the world. */
export interface LogsWorld extends ComponentsWorld {
  readonly clientFor: typeof clusterClient;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly print: (lines: readonly LogLine[]) => void;
}

/** Lines of several sources come a little after each other: so long they wait for older ones. */
const holdMs = 500;
const flushMs = 100;
const mostAtOnce = 5000;
/** Of a line that is longer: many patterns take the square of the length, and nothing else happens meanwhile. */
const searchedChars = 8192;
/** Before what was there has been read by all, nothing is shown; but not for longer than this. */
const behindMs = 10_000;

/**
 * Shows what there is of all sources, ordered by time; then, with `follow`, what is added.
 * @returns when all has been shown, or, of what is followed, when all of it has ended or the signal aborts
 * @throws UserError for a part that is not there
 */
export async function showLogs(sources: LogSources, choice: LogChoice, world: LogsWorld): Promise<void> {
  const { clock, wallClock, print } = world;
  const order = new LineOrder();
  const ended = new AbortController();
  const behind = new Set(['parts', 'tasks']);
  const add = (line: LogLine) => {
    if (choice.since !== undefined && line.timeOf === 'line' && line.at < choice.since) return;
    order.add(line, wallClock());
  };
  const show = (until?: number) => {
    const lines = order.take(until).filter(({ text }) => choice.grep?.test(text.slice(0, searchedChars)) !== false);
    // What was there may be a million lines, which are too much for one text.
    for (let next = 0; next < lines.length; next += mostAtOnce) print(lines.slice(next, next + mostAtOnce));
  };
  const flush = async () => {
    const begun = clock.now();
    while (!ended.signal.aborted) {
      if (choice.follow && (behind.size === 0 || clock.now() - begun > behindMs)) show(wallClock() - holdMs);
      await clock.sleep(flushMs, ended.signal).catch(() => undefined);
    }
  };
  const read = () => readAll(sources, choice, world, { add, caughtUp: (what) => behind.delete(what), ended });
  try {
    await Promise.all([read(), flush()]);
  } finally {
    ended.abort();
    show();
  }
}

interface Reading extends ComponentSink {
  /** Told of `parts` and of `tasks` when what was there is handed over. */
  readonly caughtUp: (what: 'parts' | 'tasks') => void;
  /** Aborted in the end. */
  readonly ended: AbortController;
}

async function readAll(sources: LogSources, choice: LogChoice, world: LogsWorld, reading: Reading): Promise<void> {
  const { add, caughtUp, ended } = reading;
  const { tail, since, follow } = choice;
  // What fails ends all the rest.
  const signal = AbortSignal.any([world.signal, ended.signal]);
  const request = { ids: sources.parts, tail, since, follow, signal };
  let partsEnd = false;
  const end = () => {
    ended.abort();
  };
  const parts = async () => {
    await followComponents(
      {
        ...request,
        caughtUp: () => {
          caughtUp('parts');
        },
      },
      world,
      reading,
    );
    partsEnd = true;
    caughtUp('parts');
    // Of tasks it is said where they are followed.
    if (follow && sources.tasks.length === 0 && !signal.aborted) {
      world.note('What was followed has ended, or does not answer any more');
    }
  };
  const isLabGone = async () => {
    const hadParts = sources.parts.length > 0;
    return (hadParts && partsEnd) || (await world.partsNow().catch(() => ['unknown'])).length === 0;
  };
  const ofTasks = followTasksOf(
    sources,
    choice,
    { ...world, signal },
    {
      add,
      caughtUp: () => {
        caughtUp('tasks');
      },
      isLabGone,
    },
  );
  const added = follow && sources.tasks === 'all' ? followNewComponents(request, world, reading) : undefined;
  try {
    // With all tasks nobody answers any more, but containers of a lab that is gone may seem to come back for long.
    const all = sources.tasks === 'all' && sources.target !== undefined && follow;
    await Promise.all([parts(), all ? ofTasks.then(end) : ofTasks]);
  } finally {
    ended.abort();
    await added;
  }
}

interface TaskSink {
  readonly add: (line: LogLine) => void;
  readonly caughtUp: () => void;
  readonly isLabGone: () => Promise<boolean>;
}

async function followTasksOf(
  { tasks, target }: LogSources,
  { tail, since, follow }: LogChoice,
  { clock, wallClock, clientFor, signal, note }: LogsWorld,
  { add, caughtUp, isLabGone }: TaskSink,
): Promise<void> {
  if (target === undefined || tasks.length === 0) {
    caughtUp();
    return;
  }
  const leaveOut = (count: number) => {
    const ended = `${count} task${count === 1 ? '' : 's'}`;
    note(`Not shown: ${ended} of those that have ended (--since 1h shows what ended in the last hour)`);
  };
  const world = { masters: target.masters, client: clientFor(target.hosts), signal, target, clock, note };
  await followTasks(world, {
    choice: tasks === 'all' ? allTasks(since, leaveOut) : anyOf(tasks.map(({ choice }) => choice)),
    simulated: tasks === 'all' ? [] : tasks.flatMap(({ ids }) => ids),
    tail,
    ...(since === undefined ? {} : { since }),
    now: wallClock,
    onLine: add,
    ...{ follow, caughtUp, isLabGone },
  });
}
