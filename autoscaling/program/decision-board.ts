import type { LabelProblem } from '../labels/wish.ts';
import type { Decision } from '../rule/decide.ts';

/** What was decided of an app, and when. */
export interface TakenDecision extends Decision {
  readonly app: string;
  /** As ISO 8601. */
  readonly at: string;
}

/** What is known of an app. */
export interface BoardRow {
  readonly app: string;
  readonly decision?: TakenDecision;
  /** Mistakes in its labels: it is not scaled. */
  readonly problems?: readonly LabelProblem[];
  /** How often it was scaled. */
  readonly steps: { readonly up: number; readonly down: number };
}

const kept = 200;

/** Numbers change with each look: what is said otherwise is the same. */
const gist = ({ kind, to, from, reason }: Decision) =>
  kind === 'scale' ? `${from} ${to}` : reason.replaceAll(/\d+(?:\.\d+)?/g, '#');

/** The decisions: the last one of each app, those that said something new, and how many there were. */
export class DecisionBoard {
  readonly #log: (line: string) => void;
  readonly #rows = new Map<string, BoardRow>();
  #news: readonly TakenDecision[] = [];
  looks = 0;
  failures = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  rows(): readonly BoardRow[] {
    return [...this.#rows.values()];
  }

  /** The newest last. */
  news(): readonly TakenDecision[] {
    return this.#news;
  }

  decided(app: string, decision: Decision, now: number): void {
    const before = this.#rows.get(app);
    const taken = { app, at: new Date(now).toISOString(), ...decision };
    const { up, down } = before?.steps ?? { up: 0, down: 0 };
    const { kind, from, to, reason } = decision;
    const isUp = kind === 'scale' && to > from;
    const steps = { up: up + (isUp ? 1 : 0), down: down + (kind === 'scale' && !isUp ? 1 : 0) };
    this.#rows.set(app, { app, decision: taken, steps });
    const last = before?.decision;
    if (kind !== 'scale' && last !== undefined && last.kind === kind && gist(last) === gist(decision)) return;
    this.#news = [...this.#news, taken].slice(-kept);
    const words = { scale: `scaled from ${from} to ${to}`, hold: `stays at ${from}`, unable: `stays at ${from}` };
    this.#log(`${app} ${words[kind]}: ${reason}`);
  }

  refused(app: string, problems: readonly LabelProblem[]): void {
    const before = this.#rows.get(app);
    this.#rows.set(app, { app, problems, steps: before?.steps ?? { up: 0, down: 0 } });
    if (JSON.stringify(before?.problems) === JSON.stringify(problems)) return;
    for (const { label, message, found, allowed, fix } of problems) {
      const seen = found === undefined ? '' : ` (found ${found})`;
      this.#log(`${app} is not scaled: ${label}: ${message}${seen}; allowed: ${allowed}; ${fix}`);
    }
  }

  /** Forgets apps that are there no more. */
  keepOnly(apps: ReadonlySet<string>): void {
    for (const app of this.#rows.keys()) if (!apps.has(app)) this.#rows.delete(app);
  }
}
