import type { LessonReport } from '../../planning/lesson/report-shape.ts';

/** How far somebody is with a lesson. */
export interface Standing {
  /** `passed` stays when a lesson is begun anew. */
  readonly state: 'untouched' | 'started' | 'passed';
  /** How many checks were reached; of a lesson that was passed all. */
  readonly reached: number;
  readonly of: number;
  readonly attempts: number;
  readonly hints: number;
  /** How many checks the program has solved. */
  readonly solved: number;
}

export function standingOf({ startedAt, passedAt, checks }: LessonReport): Standing {
  const sum = (of: (check: LessonReport['checks'][number]) => number) =>
    checks.reduce((total, check) => total + of(check), 0);
  const now = sum((check) => (check.passedAt === undefined ? 0 : 1));
  const isPassed = passedAt !== undefined || now === checks.length;
  return {
    state: isPassed ? 'passed' : startedAt === undefined ? 'untouched' : 'started',
    reached: isPassed ? checks.length : now,
    of: checks.length,
    attempts: sum(({ attempts }) => attempts),
    hints: sum(({ hints }) => hints),
    solved: sum(({ solved }) => (solved ? 1 : 0)),
  };
}

/** `passed`, `2 of 4`, with what was needed: `passed (3 hints, 1 solved)`; empty: it was not started. */
export function standingText({ state, reached, of, hints, solved }: Standing): string {
  if (state === 'untouched') return '';
  const needed = [
    ...(hints === 0 ? [] : [`${hints} ${hints === 1 ? 'hint' : 'hints'}`]),
    ...(solved === 0 ? [] : [`${solved} solved`]),
  ];
  const how = needed.length === 0 ? '' : ` (${needed.join(', ')})`;
  return `${state === 'passed' ? 'passed' : `${reached} of ${of}`}${how}`;
}

/** The same in a narrow column: `ok`, `2/4`, `ok h3 s1`; `-`: it was not started. */
export function standingMark({ state, reached, of, hints, solved }: Standing): string {
  if (state === 'untouched') return '-';
  const needed = `${hints === 0 ? '' : ` h${hints}`}${solved === 0 ? '' : ` s${solved}`}`;
  return `${state === 'passed' ? 'ok' : `${reached}/${of}`}${needed}`;
}

export const markLegend = 'ok: passed; 2/4: checks reached; h: hints shown; s: checks solved by the program';

/** Minutes from the first start of a lesson until it was passed, pauses too; undefined: it was not passed. */
export function minutesTaken({ startedAt, passedAt }: LessonReport): number | undefined {
  if (startedAt === undefined || passedAt === undefined) return undefined;
  return Math.max(0, Math.round((Date.parse(passedAt) - Date.parse(startedAt)) / 60_000));
}
