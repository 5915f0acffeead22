import type { Clock } from '../platform/clock.ts';
import type { Output } from '../platform/terminal.ts';

/** A text that grows: a component's log, or an output file of a task. */
export interface LogSource {
  /** Stands in front of each line when there are several. */
  readonly name: string;
  /** All text from an offset on; what shrank starts at 0 again. Undefined when it is not there any more. */
  readonly readFrom: (offset: number) => Promise<{ readonly text: string; readonly next: number } | undefined>;
}

interface ShowOptions {
  readonly tail: number;
  readonly follow: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stdout: Output;
}

const pollMs = 250;

/**
 * Prints the last lines of each source, then with `follow` whatever is added, until the signal, or until no source is
 * left.
 */
export async function showLogs(sources: readonly LogSource[], options: ShowOptions): Promise<void> {
  const { tail, follow, clock, signal, stdout } = options;
  const width = Math.max(...sources.map(({ name }) => name.length));
  const followed = new Set(sources.map((source) => ({ source, offset: 0, started: '' })));
  const print = (name: string, lines: readonly string[]) => {
    const prefix = sources.length > 1 ? `${name.padEnd(width)} | ` : '';
    if (lines.length > 0) stdout.write(lines.map((line) => `${prefix}${line}\n`).join(''));
  };
  for (let first = true; ; first = false) {
    for (const each of followed) {
      const read = await each.source.readFrom(each.offset);
      if (read === undefined) followed.delete(each);
      else each.offset = read.next;
      const lines = `${each.started}${read?.text ?? ''}`.split('\n');
      // A line without its end is shown when the rest of it comes, or in the end.
      const isLast = !follow || read === undefined;
      each.started = isLast ? '' : (lines.pop() ?? '');
      if (isLast && lines.at(-1) === '') lines.pop();
      print(each.source.name, first ? lines.slice(Math.max(0, lines.length - tail)) : lines);
    }
    if (!follow || followed.size === 0 || signal.aborted) return;
    try {
      await clock.sleep(pollMs, signal);
    } catch {
      return;
    }
  }
}
