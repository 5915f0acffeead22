import type { RunLearn } from '../../pages/server/serve-page.ts';
import type { Context } from '../../platform/context.ts';

/** `learn` for the page of a lab: this program, in a process of its own, as a person would start it there. */
export const learnIn =
  ({ runCommand, script }: Pick<Context, 'runCommand' | 'script'>, directory: string): RunLearn =>
  async (words, options) => {
    const flags = ['--json', '--no-color', '--lab', directory];
    const command = [script, 'learn', ...flags, '--', ...words];
    const result = await runCommand(process.execPath, command, { cwd: directory, stdio: 'capture', ...options });
    return result.kind === 'ended' ? result.stdout : undefined;
  };
