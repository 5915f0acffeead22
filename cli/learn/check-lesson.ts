import { UserError } from '../../errors/user-error.ts';
import type { Seen } from '../../checks/poll-until.ts';
import { isLook, type Lesson, type LessonCheck } from '../../planning/lesson/lesson.ts';
import { runSteps } from '../../lessons/actions/run-steps.ts';
import type { LessonWorld } from '../../lessons/lesson-world.ts';
import { lookAtAll } from '../../lessons/looks/look.ts';
import { rightAnswer } from '../../lessons/looks/look-at-answer.ts';
import { withCheck, type CheckProgress, type Progress } from '../../lessons/progress/progress.ts';
import { asStep } from './as-step.ts';
import { save, type Learner } from './learner.ts';

/** How long a check may look until something is so that has just been done. */
const graceMs = 1000;

/** Looks at one check, and keeps what came of it. */
export async function lookAt(
  learner: Learner,
  { lesson, check, world }: { readonly lesson: Lesson; readonly check: LessonCheck; readonly world: LessonWorld },
): Promise<{ readonly progress: Progress; readonly seen: Seen }> {
  const { context, progress } = learner;
  const isQuestion = check.looks[0]?.kind === 'answer';
  const look = (signal: AbortSignal) => lookAtAll(world, check.looks, signal);
  const seen = isQuestion ? await look(context.signal) : await withGrace(look, world, context.signal);
  const at = new Date().toISOString();
  const next = withCheck(progress, { lesson, check: check.id }, (before) => ({
    ...before,
    ...{ attempts: before.attempts + 1, checkedAt: at, seen: seen.seen },
    ...(seen.ok ? { passedAt: at } : {}),
  }));
  save(learner, next);
  return { progress: next, seen };
}

/** Servers that do not answer are waited for so long. */
const lookMs = 15_000;

/** Looks until it is so; what is not so after a moment is not. */
async function withGrace(
  look: (signal: AbortSignal) => Promise<Seen>,
  { clock, times }: Pick<LessonWorld, 'clock' | 'times'>,
  signal: AbortSignal,
): Promise<Seen> {
  const until = clock.now() + graceMs;
  const either = AbortSignal.any([signal, AbortSignal.timeout(lookMs)]);
  for (;;) {
    const seen = await look(either).catch((error: unknown): Seen => {
      signal.throwIfAborted();
      return { ok: false, seen: error instanceof Error ? error.message : String(error) };
    });
    if (seen.ok || clock.now() >= until) return seen;
    await clock.sleep(times.intervalMs, signal);
  }
}

const withoutAnswers = () =>
  new UserError({
    code: 'LESSON_WITHOUT_ANSWERS',
    message: 'Your teacher has kept the answers: there is no solution in this copy of the course',
    fix: 'npm run learn -- hint; or ask your teacher',
  });

/**
 * Does what a check is about, and looks whether it is so.
 * @throws UserError LESSON_WITHOUT_ANSWERS in a copy for students, LESSON_STEP when it cannot be done
 */
export async function solve(
  learner: Learner,
  { lesson, check, world }: { readonly lesson: Lesson; readonly check: LessonCheck; readonly world: LessonWorld },
): Promise<{ readonly progress: Progress; readonly seen: Seen }> {
  const { reporter, context, progress } = learner;
  if (lesson.withoutAnswers === true) throw withoutAnswers();
  const [first] = check.looks;
  const mark = (change: Partial<CheckProgress>) =>
    withCheck(progress, { lesson, check: check.id }, (before) => ({ ...before, solved: true, ...change }));
  if (first?.kind === 'answer') {
    const right = await rightAnswer(world, first.value);
    if (right === undefined) throw withoutAnswers();
    return lookAt(
      { ...learner, progress: mark({ answer: right }) },
      { lesson, check, world: { ...world, given: right } },
    );
  }
  const words = check.solution.filter((step) => !isLook(step)).length;
  await asStep(reporter, `Doing it (${words} ${words === 1 ? 'step' : 'steps'})`, () =>
    runSteps(world, check.solution, context.signal, (step, seen) => {
      if (!isLook(step)) reporter.note(seen);
    }),
  );
  return lookAt({ ...learner, progress: mark({}) }, { lesson, check, world });
}
