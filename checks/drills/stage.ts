import type { Clock } from '../../platform/clock.ts';
import type { Cluster } from '../cluster-target.ts';
import { pollUntil } from '../poll-until.ts';
import type { PartControl } from './part-control.ts';

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
  /** What the drill does to the cluster, the first of which is the moment that all times count from. */
  readonly strike: (words: string, deed: (control: PartControl) => Promise<void>) => Promise<void>;
  /** Says that a milestone is reached now. */
  readonly mark: (milestone: string) => void;
  /**
   * Looks again and again until all these milestones are reached, each of which counts from when it is first seen.
   * @throws NotRecovered at the deadline
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
  const follow: Stage['follow'] = async (look, milestones) => {
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
      { timeoutMs: deadlineMs, intervalMs, signal, clock },
    );
    if (!result.ok)
      throw new NotRecovered(
        `${waiting.map(([milestone]) => milestone).join(', ')}: not within ${deadlineMs / 1000} s`,
      );
  };
  return {
    ...{ cluster, app, signal, mark, follow, willDrain },
    strike: async (words, deed) => {
      onStrike(clock.now(), words);
      await deed(control);
    },
    sleep: (ms) => clock.sleep(ms, signal),
  };
}
