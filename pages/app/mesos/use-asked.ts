import { useEffect, useState } from 'preact/hooks';

/** @throws Error with what the server says */
export async function ask(path: string): Promise<unknown> {
  const answer = await fetch(path, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  const said = (await answer.json()) as unknown;
  const { trouble } = (said ?? {}) as { readonly trouble?: string };
  if (trouble !== undefined) throw new Error(trouble);
  return said;
}

interface Asked<Answer> {
  /** The last one there was. */
  readonly answer?: Answer;
  /** Why there is no newer one; empty: it is new. */
  readonly trouble: string;
}

/** What takes long is asked less often: a tenth of the time at most. */
const pauseForAnswer = 9;

/**
 * Asks for what no event tells, for as long as somebody looks: not while the page is hidden.
 * @param path undefined: nothing is asked
 */
export function useAsked<Answer>(path: string | undefined, everyMs: number): Asked<Answer> {
  const [known, setKnown] = useState<Asked<Answer> & { readonly of?: string }>({ trouble: '' });
  useEffect(() => {
    if (path === undefined) return undefined;
    return whileSeen(everyMs, async (isOver) => {
      const next = await ask(path).then(
        (answer) => ({ answer: answer as Answer, trouble: '' }),
        (error: unknown) => ({ trouble: error instanceof Error ? error.message : String(error) }),
      );
      if (!isOver()) setKnown((before) => ({ ...(before.of === path ? before : {}), ...next, of: path }));
    });
  }, [path, everyMs]);
  return known.of === path ? known : { trouble: '' };
}

/**
 * Does something again and again while the page is seen.
 * @returns what ends that
 */
export function whileSeen(everyMs: number, act: (isOver: () => boolean) => Promise<void>): () => void {
  let isEnded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async () => {
    const start = performance.now();
    if (!document.hidden) await act(() => isEnded);
    const pause = Math.max(everyMs, pauseForAnswer * (performance.now() - start));
    if (!isEnded) timer = setTimeout(() => void run(), pause);
  };
  void run();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
