import { isHidden } from '../../planning/lesson/step-rules.ts';
import type { LessonText } from '../../planning/lesson/lesson-shape.ts';
import { answerFingerprint } from '../looks/answer-fingerprint.ts';

type LookText = LessonText['checks'][number]['look'][number];

/** A lesson in which nothing says what is right. What is looked at stays, and so do hints: students need both. */
export function withoutAnswers(lesson: LessonText): LessonText {
  const checks = lesson.checks.map(({ title, look, hints }) => ({
    ...{ title, look: look.map(hideAnswer) },
    ...(hints === undefined ? {} : { hints }),
  }));
  return { ...lesson, checks, withoutAnswers: true };
}

function hideAnswer(look: LookText): LookText {
  const { answer } = look;
  if (answer?.right === undefined || isHidden(answer.right)) return look;
  return { ...look, answer: { ...answer, right: answerFingerprint(answer.question, answer.right) } };
}

/** Files that a lesson needs when nobody solves it: those of learners, and those that its set-up and clean-up name. */
export function isForLearners({ setup = [], cleanup = [] }: LessonText, path: string): boolean {
  if (path === 'lesson.md' || path.startsWith('files/')) return true;
  return [...setup, ...cleanup].some(
    ({ deploy, run, 'new-version': version }) => deploy === path || run?.file === path || version?.file === path,
  );
}
