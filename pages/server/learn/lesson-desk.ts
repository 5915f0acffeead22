import { HttpError } from '../../../engine/http/http-answer.ts';
import { listAt, parseJson, textAt, valueAt } from '../../../protocol/json.ts';
import type { LearnProblem, LessonList, LessonReport } from '../../../protocol/learn-json.ts';
import type { Doing, Learning, LessonAction } from '../../picture/learning.ts';
import { wordsOf } from './read-action.ts';

interface RunOptions {
  readonly signal: AbortSignal;
  /** It is ended after this time. */
  readonly timeoutMs: number;
  /** Given what it says meanwhile. */
  readonly onErrorLine: (line: string) => void;
}

/**
 * Runs `learn --json` in the lab.
 * @param words behind `learn`; none of them is taken for a flag
 * @returns its standard output; undefined when it was ended
 */
export type RunLearn = (words: readonly string[], options: RunOptions) => Promise<string | undefined>;

const lookMs = 60_000;
/** The longest of what a step of a solution may take is minutes, and there are some of them. */
const actMs = 1_800_000;

interface DeskWorld {
  readonly run: RunLearn;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where lessons of a lab are read, and done: by one command at a time, in processes that end by themselves. */
export class LessonDesk {
  readonly #world: DeskWorld;
  readonly #ending = new AbortController();
  #looking: Promise<Learning> | undefined;
  #doing: Doing | undefined;

  constructor(world: DeskWorld) {
    this.#world = world;
  }

  get doing(): Doing | undefined {
    return this.#doing;
  }

  /** How far one is. Whoever asks while it is looked at gets the same answer. */
  async look(): Promise<Learning> {
    const found = await (this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    }));
    return { ...found, ...(this.#doing === undefined ? {} : { doing: this.#doing }) };
  }

  /**
   * Does something, and looks how far one is then. It goes on when who asked for it is gone.
   * @throws HttpError 409 while something else is done
   */
  async act(action: LessonAction): Promise<Learning> {
    if (this.#doing !== undefined)
      throw new HttpError(409, `${this.#doing.action} is still going on: wait for its end`);
    this.#doing = { action: action.do, since: this.#world.now(), said: '' };
    let problems: readonly LearnProblem[];
    try {
      problems = problemsIn(await this.#run(wordsOf(action), actMs));
      // What was looked at before is old.
      await this.#looking;
    } finally {
      this.#doing = undefined;
    }
    const found = await this.look();
    return { ...found, problems: withoutTwins([...problems, ...found.problems]) };
  }

  /** Ends what goes on. */
  stop(): void {
    this.#ending.abort();
  }

  async #look(): Promise<Learning> {
    const [list, text] = await Promise.all([this.#run([], lookMs), this.#run(['text'], lookMs)]);
    const listProblems = problemsIn(list);
    if (listProblems.length > 0) return { current: null, lessons: [], problems: listProblems };
    const lessons = list as LessonList;
    if (lessons.current === null) return { ...lessons, problems: [] };
    const problems = problemsIn(text);
    return { ...lessons, problems, ...(problems.length > 0 ? {} : { lesson: text as LessonReport }) };
  }

  async #run(words: readonly string[], timeoutMs: number): Promise<unknown> {
    const { signal } = this.#ending;
    const onErrorLine = (line: string) => {
      if (timeoutMs === actMs && this.#doing !== undefined && line.trim() !== '')
        this.#doing = { ...this.#doing, said: line.trim() };
    };
    const output = await this.#world.run(words, { signal, timeoutMs, onErrorLine });
    return output === undefined ? undefined : parseJson(output);
  }
}

/** What an answer says is wrong; none: it is what was asked for. */
function problemsIn(answer: unknown): readonly LearnProblem[] {
  if (answer === undefined) return [{ message: 'learn was ended before it had an answer', fix: 'Try it again' }];
  const problems = listAt(answer, 'error', 'problems') as readonly LearnProblem[];
  if (problems.length > 0) return problems;
  if (valueAt(answer, 'error') === undefined) return [];
  const [bug = 'learn has failed'] = (textAt(answer, 'error', 'bug') ?? '').split('\n', 1);
  return [{ message: bug, fix: 'This is a bug: npm run learn in the lab says what to report' }];
}

const withoutTwins = (problems: readonly LearnProblem[]) =>
  problems.filter(({ message }, index) => problems.findIndex((other) => other.message === message) === index);
