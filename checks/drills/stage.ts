import type { Clock } from '../../platform/clock.ts';
import type { Cluster } from '../cluster-target.ts';
import { pollUntil } from '../poll-until.ts';
import type { PartControl, PartDeed } from './part-control.ts';

/** Something that became so, in milliseconds of the clock. */
export interface Happened {
  readonly milestone: string;
  readonly at: number;
}

/** A look at one thing; undefined when nobody answers. */
export type Look<Seen> = (signal: AbortSignal) => Promise<Seen | undefined>;

/** A milestone, and how it is told from a look. */
export type Reached<Seen> = readonly [milestone: string, isSo: (seen: Seen | undefined) => boolean];

/** What a drill that runs is given: how to strike, and how to watch what becomes of it. */
export interface Stage {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** The drill's app. */
  readonly app: string;
  /**
   * What the drill does to the cluster; from the beginning of the first all times count. It returns at once, so that what
   * comes of it is seen when it comes: whatever is followed, slept or done next waits until it is done, too.
   */
  readonly strike: (words: string, deed: (control: PartControl) => Promise<void>) => Promise<void>;
  /** Strikes parts of the lab, by their ids; that they are started is a milestone, `started`. */
  readonly act: (deed: PartDeed, ids: readonly string[]) => Promise<void>;
  /** Says that a milestone is reached now. */
  readonly mark: (milestone: string) => void;
  /**
   * Looks again and again until all these milestones are reached, each of which counts from when it is first seen.
   * @throws NotRecovered at the deadline; what the deed failed with
   */
  readonly follow: <Seen>(look: Look<Seen>, milestones: readonly Reached<Seen>[]) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Says that an agent is about to be drained, by the master's id of it: whoever heals undoes that. */
  readonly willDrain: (agentId: string) => void;
}

/** A milestone that was not reached before the deadline. */
export class NotRecovered extends Error {
  override readonly name = 'NotRecovered';
}

interface StageWorld {
  readonly cluster: Cluster;
  readonly app: string;
  readonly control: PartControl;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
  /** Of each wait. */
  readonly deadlineMs: number;
  readonly willDrain: Stage['willDrain'];
  readonly onHappened: (happened: Happened) => void;
  readonly onStrike: (at: number, words: string) => void;
}

export function stageOf(world: StageWorld): Stage {
  const { cluster, app, control, clock, signal, intervalMs, deadlineMs, willDrain, onHappened, onStrike } = world;
  const mark = (milestone: string) => {
    onHappened({ milestone, at: clock.now() });
  };
  let deed = Promise.resolve();
  /** Even where this fails, the deed is over before: who heals must not come before it. */
  const withDeed = async (action: (either: AbortSignal) => Promise<void>) => {
    const over = new AbortController();
    const done = deed.catch((error: unknown) => {
      over.abort(error);
      throw error;
    });
    const outcomes = await Promise.allSettled([done, action(AbortSignal.any([signal, over.signal]))]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
  const watch = async <Seen>(look: Look<Seen>, milestones: readonly Reached<Seen>[], whole: AbortSignal) => {
    let waiting = milestones;
    const result = await pollUntil(
      async (either) => {
        const seen = await look(either).catch((error: unknown) => {
          if (either.aborted) throw error;
          return undefined;
        });
        const reached = waiting.filter(([, isSo]) => isSo(seen));
        for (const [milestone] of reached) mark(milestone);
        waiting = waiting.filter((each) => !reached.includes(each));
        return { ok: waiting.length === 0, seen: waiting.map(([milestone]) => milestone).join(', ') };
      },
      { timeoutMs: deadlineMs, intervalMs, signal: whole, clock },
    );
    if (!result.ok)
      throw new NotRecovered(
        `${waiting.map(([milestone]) => milestone).join(', ')}: not within ${deadlineMs / 1000} s`,
      );
  };
  const strike: Stage['strike'] = async (words, action) => {
    await deed;
    onStrike(clock.now(), words);
    deed = action(control);
    // Who waits for it next hears of that.
    deed.catch(() => undefined);
  };
  return {
    ...{ cluster, app, signal, mark, willDrain, strike },
    act: (what, ids) =>
      strike(`${what} ${ids.join(', ')}`, () => {
        if (what === 'start') mark('started');
        return control.act(what, ids, signal);
      }),
    follow: (look, milestones) => withDeed((whole) => watch(look, milestones, whole)),
    sleep: (ms) => withDeed((whole) => clock.sleep(ms, whole)),
  };
}
