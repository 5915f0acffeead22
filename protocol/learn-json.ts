import type { TextBlock } from './lesson-text.ts';

/* What `learn --json` prints, as far as the page of a lab shows it. */

/** A lesson among the others. */
export interface LessonRow {
  /** Of its folder: `03-nginx-and-the-load-balancer`. */
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly summary: string;
  /** `2 of 4`, `done`; empty: it was not started. */
  readonly reached: string;
}

/** `learn` */
export interface LessonList {
  /** Name of the lesson that was started last. */
  readonly current: string | null;
  readonly lessons: readonly LessonRow[];
}

/** A check of a lesson. */
export interface CheckReport {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  /** What is asked, by checks that ask. */
  readonly question?: string;
  /** None: a word is asked for. */
  readonly choices?: readonly string[];
  /** The answer that was given last. */
  readonly answer?: string;
  /** What was seen when it was looked at last. */
  readonly seen?: string;
  /** How many hints were shown, of how many. */
  readonly hints: number;
  readonly hintCount: number;
  /** Those that were shown; in what has the text, too. */
  readonly hintTexts?: readonly (readonly TextBlock[])[];
}

/** `learn start`, `text`, `check` and what else is about a lesson; the text where a person is shown it as well. */
export interface LessonReport {
  readonly lesson: string;
  readonly title: string;
  readonly reached: string;
  readonly text?: readonly TextBlock[];
  /** One comes after the other. */
  readonly checks: readonly CheckReport[];
}

/** What is wrong, and how it is mended. */
export interface LearnProblem {
  readonly message: string;
  readonly found?: string;
  readonly allowed?: string;
  readonly fix?: string;
}
