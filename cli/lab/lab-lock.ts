import { isUserError, UserError } from '../../errors/user-error.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import { inLab, lockPath, stateFolder } from '../../lab/lab-layout.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { TryLock } from '../../platform/files/lock-file.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

interface LockWorld {
  readonly context: Pick<Context, 'env' | 'files' | 'signal'>;
  readonly reporter: StepReporter;
  readonly clock: Clock;
  readonly tryLock: TryLock;
}

const waitMs = 120_000;
const pollMs = 50;

/**
 * Runs an action while no other command changes what runs of a lab: a second one waits for the first.
 * @throws UserError LAB_BUSY when the other one does not come to an end
 */
export async function withLabLock<Result>(
  directory: string,
  world: LockWorld,
  action: () => Promise<Result>,
): Promise<Result> {
  const { context } = world;
  const attempt = () => {
    try {
      const take = () => world.tryLock(inLab(directory, lockPath));
      return explainingFailures(directory, 'Nothing was started or stopped', take);
    } catch (error) {
      throw isUserError(error) ? withOwner(error, directory, context) : error;
    }
  };
  const first = attempt();
  const lock = first.kind === 'held' ? first : await waitForLock(directory, world, attempt);
  try {
    return await action();
  } finally {
    lock.release();
    context.files.removeEmptyFolder(`${directory}/${stateFolder}`);
  }
}

/** That somebody may not write says little; whose it is says what to do. */
function withOwner(
  { problems: [first, ...more] }: UserError,
  directory: string,
  { env, files }: LockWorld['context'],
): UserError {
  const owner = files.ownerOf(directory);
  if (owner === undefined || owner === env['USER'] || !/\(E(?:ACCES|PERM)\)$/.test(first.message))
    return new UserError(first, ...more);
  const message = `${first.message}: the lab is ${owner}'s`;
  const fix = `sudo -u ${owner} does it as ${owner}; a lab of your own: create-mesos-cluster my-lab. Nothing was started or stopped`;
  return new UserError({ ...first, message, fix }, ...more);
}

function waitForLock(directory: string, { context, reporter, clock }: LockWorld, attempt: () => ReturnType<TryLock>) {
  const title = 'Waiting for another command that works on this lab';
  return reporter.step({ title, deadlineMs: waitMs }, async (seen) => {
    const until = clock.now() + waitMs;
    for (;;) {
      const lock = attempt();
      if (lock.kind === 'held') return lock;
      const holder = lock.holder === undefined ? 'another process' : `process ${lock.holder.pid}`;
      seen(holder);
      if (clock.now() > until) {
        throw new UserError({
          code: 'LAB_BUSY',
          message: `${holder} is still starting or stopping the lab in ${directory}; nothing was done`,
          fix: 'wait for it, or end it, and try again',
        });
      }
      await clock.sleep(pollMs, context.signal);
    }
  });
}
