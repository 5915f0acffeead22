import { isUserError } from '../errors/user-error.ts';
import type { Reporter } from './reporter.ts';

/**
 * Cleans up after a failure. That this fails, too (a Docker Engine that was stopped), must not hide why: it is said, and
 * `down` finds what is left. How long each command of it may take is the command's.
 */
export async function cleanUp(tell: Pick<Reporter, 'step' | 'warn'>, abandon: () => Promise<void>): Promise<void> {
  try {
    await tell.step({ title: 'Cleaning up' }, abandon);
  } catch (error) {
    if (!isUserError(error)) throw error;
    tell.warn(`${error.problems[0].message}. What was started may be left: create-mesos-cluster down removes it`);
  }
}
