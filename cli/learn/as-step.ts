import { UserError } from '../../errors/user-error.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

/** Runs something that is waited for; what it cannot do is the user's to mend. */
export async function asStep<Result>(
  reporter: StepReporter,
  title: string,
  action: () => Promise<Result>,
): Promise<Result> {
  return reporter.step({ title }, action).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'StepFailure') throw error;
    throw new UserError({
      ...{ code: 'LESSON_STEP', message: `${title} did not work`, found: error.message },
      fix: 'npm run status shows what does not run; npm run learn -- reset puts the lesson back to its start',
    });
  });
}
