import { HttpError } from '../../engine/http/http-answer.ts';
import type { TaskMoment } from '../picture/details.ts';
import type { AgentRow, ComponentRow, Message, TaskRow } from '../picture/tables.ts';
import { MasterBook } from './master-book.ts';
import { PictureBoard } from './picture-board.ts';
import { watchComponents } from './watch-components.ts';
import { watchMarathon } from './watch-marathon.ts';
import { watchMaster } from './watch-master.ts';

/** Where a cluster is looked at from. */
export interface ClusterPageOptions {
  /** URLs of all masters, as they are now: `http://127.0.0.1:5050`. */
  readonly masters: () => readonly string[];
  /** URLs of all Marathons; none: there is nothing of apps. */
  readonly marathons: () => readonly string[];
  /** Looks at all that the lab has, by id; missing: nothing is known but the cluster. */
  readonly lookAtComponents?: (signal: AbortSignal) => Promise<ReadonlyMap<string, ComponentRow>>;
  /** Why there is nothing to look at, as it was when that was looked at; undefined: the lab runs. */
  readonly labTrouble?: () => string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Changes are told so often at most: what happens is on the screen within a second. */
const gatherMs = 100;
/** A leading master that does not answer a question for so long stands still: another one is looked for. */
const stillMs = 5000;
/** Whoever loads the page anew finds it as it was. */
const lingerMs = 10_000;

/** What all pages that are open show of one cluster. It costs the cluster nothing while there is none. */
export class ClusterPage {
  readonly #options: ClusterPageOptions;
  #live: { readonly board: PictureBoard; readonly book: MasterBook; readonly ending: AbortController } | undefined;
  #listeners = 0;
  #linger: NodeJS.Timeout | undefined;

  constructor(options: ClusterPageOptions) {
    this.#options = options;
  }

  get options(): ClusterPageOptions {
    return this.#options;
  }

  /**
   * Tells all there is, then what changes.
   * @returns what ends that
   */
  listen(listener: (message: Message) => void): () => void {
    this.#listeners += 1;
    clearTimeout(this.#linger);
    const { board } = (this.#live ??= this.#start());
    const end = board.listen(listener);
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      end();
      this.#listeners -= 1;
      if (this.#listeners === 0)
        this.#linger = setTimeout(() => {
          this.stop();
        }, lingerMs).unref();
    };
  }

  /** All there is now; undefined while nobody listens. */
  whole(): Message | undefined {
    return this.#live?.board.whole();
  }

  /** Tasks, by id; none while nobody listens. */
  tasksOf(of: { readonly agent?: string; readonly framework?: string }): Iterable<readonly [string, TaskRow]> {
    return this.#live?.book.tasksOf(of) ?? [];
  }

  task(id: string): TaskRow | undefined {
    return this.#live?.book.task(id);
  }

  /** What events told of a task, in order. */
  historyOf(id: string): readonly TaskMoment[] {
    return this.#live?.book.historyOf(id) ?? [];
  }

  agent(id: string): AgentRow | undefined {
    return this.#live?.board.get('agents', id);
  }

  /** URL of the master that leads. @throws HttpError 503 while none is followed */
  get leader(): string {
    const url = this.#live?.board.get('sources', 'master')?.url;
    if (url === undefined) throw new HttpError(503, 'No leading master is known.');
    return url;
  }

  /** URL of the Marathon that is followed. */
  get marathon(): string | undefined {
    return this.#live?.board.get('sources', 'marathon')?.url ?? this.#options.marathons()[0];
  }

  /** Ends what it follows; safe to call twice. */
  stop(): void {
    clearTimeout(this.#linger);
    this.#live?.ending.abort();
    this.#live?.board.stop();
    this.#live = undefined;
  }

  #start() {
    const { now, masters, marathons, lookAtComponents } = this.#options;
    const ending = new AbortController();
    const { signal } = ending;
    const board = new PictureBoard({ now, gatherMs });
    const book = new MasterBook(board);
    const never = { state: 'never', since: now() } as const;
    if (masters().length > 0) {
      board.set('sources', 'master', never);
      void watchMaster({ masters, board, book, now, stillMs, signal });
    }
    if (marathons().length > 0) {
      board.set('sources', 'marathon', never);
      void watchMarathon({ marathons, board, now, signal });
    }
    if (lookAtComponents !== undefined) void watchComponents({ ...this.#options, lookAtComponents }, board, signal);
    return { board, book, ending };
  }
}
