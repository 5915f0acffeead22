import { describe, expect, it } from 'vitest';
import { withLabLock } from '../../../cli/lab/lab-lock.ts';
import { stepReporter } from '../../../cli/printing/step-reporter.ts';
import { systemClock } from '../../../platform/clock.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { folderWith } from '../fake-context.ts';

/** What a user hears who may not lock the lab of another one. */
async function refusal(user: string): Promise<unknown> {
  const files = { ...nodeFileSystem, ownerOf: () => 'ann' };
  const stderr = { write: () => true, isTerminal: false, columns: undefined };
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'open' });
  const world = {
    context: { env: { USER: user }, files, signal: new AbortController().signal },
    reporter: stepReporter({ stderr, env: {}, clock: systemClock, colour: false }),
    clock: systemClock,
    tryLock: () => {
      throw denied;
    },
  };
  return withLabLock(folderWith({}), world, () => Promise.resolve()).catch((error: unknown) => error);
}

describe('a lab that cannot be locked', () => {
  it('is said to be of another user', async () => {
    expect(await refusal('bob')).toMatchObject({
      problems: [
        {
          message: expect.stringMatching(/permission denied \(EACCES\): the lab is ann's$/),
          fix: expect.stringContaining('sudo -u ann'),
        },
      ],
    });
  });

  it("is the user's own where it is", async () => {
    expect(await refusal('ann')).toMatchObject({
      problems: [{ message: expect.stringMatching(/permission denied \(EACCES\)$/) }],
    });
  });
});
