import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

/** Of a timer. */
const longestMs = 2 ** 31 - 1;

interface Wait {
  readonly title: string;
  readonly limitMs: number;
  readonly reporter: StepReporter;
  readonly signal: Context['signal'];
}

/**
 * Runs an action as a step that ends at its limit, whatever becomes of the action; its signal tells it so.
 * @throws UserError NOT_READY at the limit
 */
export async function withinTime<Result>(
  { title, limitMs, reporter, signal }: Wait,
  action: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        const error = tooLate(title, limitMs);
        reject(error);
        over.abort(error);
      },
      Math.min(limitMs, longestMs),
    );
  });
  try {
    return await reporter.step({ title, deadlineMs: limitMs }, () =>
      Promise.race([late, action(AbortSignal.any([signal, over.signal]))]),
    );
  } finally {
    clearTimeout(timer);
  }
}

const tooLate = (title: string, limitMs: number) =>
  new UserError({
    code: 'NOT_READY',
    message: `no end in ${limitMs / 1000} s: ${title}`,
    fix: '--timeout SECONDS waits longer; create-mesos-cluster doctor looks at the machines of a lab one by one',
  });
