import { isJsonObject, listAt, valueAt } from '../../protocol/json.ts';
import type { SpecPath } from '../shape/spec-problem.ts';
import { actionShapes } from './action-shapes.ts';
import type { CheckText, LessonText, Look, Step, StepText } from './lesson-shape.ts';
import { lookShapes } from './look-shapes.ts';

/** A check of a lesson. */
export interface LessonCheck {
  /** Made of its title; the same as long as that is. */
  readonly id: string;
  readonly title: string;
  readonly looks: readonly Look[];
  /** Markdown. */
  readonly hints: readonly string[];
  readonly solution: readonly Step[];
}

/** A lesson, read and checked. */
export interface Lesson {
  /** Of its folder: `03-nginx-and-the-load-balancer`. */
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly summary: string;
  readonly needs: NonNullable<LessonText['needs']>;
  readonly setup: readonly Step[];
  readonly checks: readonly LessonCheck[];
  readonly cleanup: readonly Step[];
  /** lesson.md */
  readonly text: string;
  /** A copy for students, in which nothing says what is right. */
  readonly withoutAnswers?: true;
}

export const isLook = (step: Step): step is Look => Object.hasOwn(lookShapes, step.kind);

const stepNames: ReadonlySet<string> = new Set([...Object.keys(lookShapes), ...Object.keys(actionShapes)]);

/** The names of steps that a step as it is written has; one, if it is right. */
export const namesIn = (step: unknown): readonly string[] =>
  isJsonObject(step) ? Object.keys(step).filter((name) => stepNames.has(name)) : [];

/** @param step one with exactly one name, of the right shape */
function toStep(step: StepText): Step {
  const { within, ...named } = step;
  const [[kind, value] = []] = Object.entries(named);
  return { kind, value, ...(within === undefined ? {} : { withinSeconds: within }) } as unknown as Step;
}

/** Letters, digits and hyphens of a title. */
export const checkId = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

function toCheck({ title, look, hints = [], solution = [] }: CheckText): LessonCheck {
  return {
    ...{ id: checkId(title), title, hints },
    looks: look.map(toStep) as readonly Look[],
    solution: solution.map(toStep),
  };
}

/** @param written one without problems */
export function toLesson(name: string, written: LessonText, text: string): Lesson {
  const { title, minutes, summary = '', needs = {}, setup = [], checks, cleanup = [], withoutAnswers } = written;
  return {
    ...{ name, title, minutes, summary, needs, text },
    setup: setup.map(toStep),
    checks: checks.map(toCheck),
    cleanup: cleanup.map(toStep),
    ...(withoutAnswers === undefined ? {} : { withoutAnswers }),
  };
}

/** A step, and where it stands. */
export interface PlacedStep {
  readonly path: SpecPath;
  readonly step: unknown;
  /** Steps of `look` only look, the others do something as well. */
  readonly list: 'setup' | 'look' | 'solution' | 'cleanup';
}

/** Every step of a lesson, as far as it can be read. @param lesson as it is written */
export function stepsIn(lesson: unknown): readonly PlacedStep[] {
  const placed = (list: PlacedStep['list'], above: SpecPath) =>
    listAt(valueAt(lesson, ...above.map(String)), list).map((step, index): PlacedStep => ({
      path: [...above, list, index],
      step,
      list,
    }));
  const inChecks = listAt(lesson, 'checks').flatMap((_, index) =>
    (['look', 'solution'] as const).flatMap((list) => placed(list, ['checks', index])),
  );
  return [...placed('setup', []), ...inChecks, ...placed('cleanup', [])];
}
