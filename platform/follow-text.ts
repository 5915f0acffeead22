import type { Clock } from './clock.ts';

/** A text that grows: a log file, or an output file of a task. */
export interface GrowingText {
  readonly id: string;
  /** All text from an offset on; what shrank starts at 0 again. Undefined when it is not there any more. */
  readonly readFrom: (offset: number) => Promise<{ readonly text: string; readonly next: number } | undefined>;
}

interface FollowOptions {
  readonly tail: number;
  readonly follow: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once, when all that was there has been handed over. */
  readonly caughtUp?: (() => void) | undefined;
}

const pollMs = 250;

/**
 * Hands over the last lines of each text, then with `follow` whatever is added, until the signal, or until no text is
 * left.
 */
export async function followTexts(
  texts: readonly GrowingText[],
  { tail, follow, clock, signal, caughtUp }: FollowOptions,
  onLine: (id: string, line: string) => void,
): Promise<void> {
  const followed = new Set(texts.map((source) => ({ source, offset: 0, started: '' })));
  for (let first = true; ; first = false) {
    // At once: one that is waited for in vain holds up no other.
    const reads = await Promise.all(
      [...followed].map(async (each) => ({ each, read: await each.source.readFrom(each.offset) })),
    );
    for (const { each, read } of reads) {
      if (read === undefined) followed.delete(each);
      else each.offset = read.next;
      const lines = `${each.started}${read?.text ?? ''}`.split('\n');
      // A line without its end is shown when the rest of it comes, or in the end.
      const isLast = !follow || read === undefined;
      each.started = isLast ? '' : (lines.pop() ?? '');
      if (isLast && lines.at(-1) === '') lines.pop();
      for (const line of first ? lines.slice(Math.max(0, lines.length - tail)) : lines) onLine(each.source.id, line);
    }
    if (first) caughtUp?.();
    if (!follow || followed.size === 0 || signal.aborted) return;
    try {
      await clock.sleep(pollMs, signal);
    } catch {
      return;
    }
  }
}
