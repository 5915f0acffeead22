import type { RunLearn } from '../../../pages/server/serve-page.ts';

/** Two lessons, none of which was started, or the first one was. */
export const list = (current: string | null) => ({
  current,
  lessons: ['01-one', '02-two'].map((name) => ({ name, title: name, minutes: 5, summary: '', reached: '' })),
});

export const lesson = { lesson: '01-one', title: 'One', reached: '0 of 1', text: [], checks: [] };

export const notRunning = { error: { exitCode: 5, problems: [{ message: 'This lab does not run', fix: 'Start it' }] } };

interface Asked {
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly end: (answer: unknown) => void;
}

/** A `learn` that a test answers for: what only looks at once, by what it is told, all else when the test says so. */
export function fakeLearn(looks: { list: unknown; text: unknown }) {
  const asked: Asked[] = [];
  const looked: string[] = [];
  const run: RunLearn = (words, { signal, onErrorLine }) => {
    const [verb = 'list'] = words;
    if (verb === 'list' || verb === 'text') {
      looked.push(verb);
      return Promise.resolve(JSON.stringify(verb === 'list' ? looks.list : looks.text));
    }
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(undefined);
      });
      const end = (answer: unknown) => {
        resolve(JSON.stringify(answer));
      };
      asked.push({ words, signal, say: onErrorLine, end });
    });
  };
  return { run, asked, looked };
}
