import { isUserError } from '../../errors/user-error.ts';
import { StepFailure, type LessonWorld } from '../../lessons/lesson-world.ts';
import type { Context } from '../../platform/context.ts';
import { silent } from '../../platform/terminal.ts';
import { appsIn } from '../apps/app-files.ts';
import { runningMarathon } from '../apps/running-marathon.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { deployInLab } from '../strategies/deploy-in-lab.ts';
import { refuseOthers } from '../strategies/group-problems.ts';
import { strategyNamed } from '../strategies/strategy.ts';

/** What `deploy FILE --strategy` does, for a step of a lesson; what a lesson prints is its own. */
export const bringIn =
  (context: Context, line: CommandLine): LessonWorld['bringIn'] =>
  async ({ file, text, strategy: name, share, watchForSeconds }, signal) => {
    const quiet = { ...context, signal, stdout: silent(context.stdout) };
    try {
      const strategy = strategyNamed(name, share, watchForSeconds);
      const definitions = appsIn(text, file);
      refuseOthers(definitions, strategy);
      const running = await runningMarathon(quiet, line);
      const done = await deployInLab(quiet, line, running, { definitions, strategy });
      return { wentBack: false, seen: done.map(({ id, state = '' }) => `${id}: ${state}`).join(', ') };
    } catch (error) {
      if (!isUserError(error)) throw error;
      const [{ code, message }] = error.problems;
      if (code === 'DEPLOY_WENT_BACK') return { wentBack: true, seen: message };
      throw new StepFailure(`${file} by ${name}: ${message}`);
    }
  };
