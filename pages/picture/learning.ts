import type { LearnProblem, LessonList, LessonReport } from '../../protocol/learn-json.ts';

/** What somebody does who learns; all of it is what `learn` does by the same words. */
export type LessonAction =
  | { readonly do: 'check' | 'hint' | 'solve' | 'reset' | 'next' }
  | { readonly do: 'start'; readonly lesson: string }
  | { readonly do: 'answer'; readonly answer: string };

/** What is being done. */
export interface Doing {
  readonly action: LessonAction['do'];
  /** Milliseconds since 1970, by the server's clock. */
  readonly since: number;
  /** What was said of it last; empty: nothing yet. */
  readonly said: string;
}

/** What `page/learn` answers: the lessons, the one that was started last, and what keeps either from being known. */
export interface Learning extends LessonList {
  /** With its text. */
  readonly lesson?: LessonReport;
  readonly problems: readonly LearnProblem[];
  readonly doing?: Doing;
}
