import { HttpError } from '../../../engine/http/http-answer.ts';
import { textAt } from '../../../protocol/json.ts';
import type { LessonAction } from '../../picture/learning.ts';

const alone = ['check', 'hint', 'solve', 'reset', 'next'] as const;

/** A name of a folder, or a word or two. */
const mostLetters = 300;

/** What a browser asks for. @throws HttpError 400 for anything else */
export function readAction(body: unknown): LessonAction {
  const what = textAt(body, 'do');
  if (what === 'start') return { do: what, lesson: word(body, 'lesson') };
  if (what === 'answer') return { do: what, answer: word(body, 'answer') };
  const found = alone.find((each) => each === what);
  if (found !== undefined) return { do: found };
  throw new HttpError(400, `do is one of ${[...alone, 'start', 'answer'].join(', ')}`);
}

function word(body: unknown, name: string): string {
  const text = textAt(body, name);
  if (text !== undefined && text.trim() !== '' && text.length <= mostLetters && !/\p{Cc}/u.test(text)) return text;
  throw new HttpError(400, `${name} is a text of 1 to ${mostLetters} letters in one line`);
}

/** As they stand behind `learn`. */
export function wordsOf(action: LessonAction): readonly string[] {
  if (action.do === 'start') return [action.do, action.lesson];
  return action.do === 'answer' ? [action.do, action.answer] : [action.do];
}
