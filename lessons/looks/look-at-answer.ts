import type { Seen } from '../../checks/poll-until.ts';
import { isHidden } from '../../planning/lesson/step-rules.ts';
import type { Look } from '../../planning/lesson/lesson-shape.ts';
import type { LessonWorld } from '../lesson-world.ts';
import { answerFingerprint } from './answer-fingerprint.ts';

export type Question = Extract<Look, { readonly kind: 'answer' }>['value'];

/** `a` for the first choice, and so on. */
export const choiceLetter = (index: number): string => String.fromCharCode('a'.charCodeAt(0) + index);

/** What is meant by an answer: of a letter the choice that it stands for. */
export function meantBy({ choices }: Question, given: string): string {
  const letter = /^[a-z]$/i.test(given.trim()) ? given.trim().toLowerCase() : undefined;
  const index = letter === undefined ? -1 : letter.charCodeAt(0) - 'a'.charCodeAt(0);
  return choices?.[index] ?? given.trim();
}

const folded = (text: string) => text.trim().toLowerCase();

/** Whether the answer that was given is right. */
export async function lookAtAnswer(world: LessonWorld, question: Question): Promise<Seen> {
  const { given } = world;
  if (given === undefined) return { ok: false, seen: 'no answer was given yet: learn answer …' };
  const meant = meantBy(question, given);
  const ok = await isRight(world, question, meant);
  return { ok, seen: ok ? `"${meant}" is right` : `"${meant}" is not right` };
}

async function isRight(world: LessonWorld, question: Question, meant: string): Promise<boolean> {
  const { right, setting } = question;
  if (setting !== undefined) return (await world.explain(setting)).some((value) => folded(value) === folded(meant));
  if (right === undefined) return false;
  return isHidden(right) ? right === answerFingerprint(question.question, meant) : folded(right) === folded(meant);
}

/** What is right, in words; undefined: this copy of the lesson does not know it. */
export async function rightAnswer(world: LessonWorld, { right, setting }: Question): Promise<string | undefined> {
  if (setting !== undefined) return (await world.explain(setting))[0];
  return right === undefined || isHidden(right) ? undefined : right;
}

/** A setting of the lab, as its plan has it. */
export async function lookAtSetting(
  world: LessonWorld,
  { setting, equals }: Extract<Look, { readonly kind: 'explain' }>['value'],
): Promise<Seen> {
  const values = await world.explain(setting);
  const ok = values.length > 0 && values.every((value) => value === equals);
  const shown = values.length === 0 ? 'not set' : [...new Set(values)].join(' and ');
  return { ok, seen: `${setting} is ${shown}${ok ? '' : `, wanted is ${equals}`}` };
}
