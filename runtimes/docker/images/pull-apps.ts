import { UserError } from '../../../errors/user-error.ts';
import type { Reporter } from '../../reporter.ts';
import { lastLines, type DockerEngine } from '../docker-engine.ts';
import { pullCause } from './pull-failure.ts';

/**
 * Pulls images of apps onto this machine's Engine, so that they can be saved, and copied to the agents. Tries all of
 * them; without a deadline, as the network has none.
 * @throws UserError IMAGE_NOT_AVAILABLE with all that did not come
 */
export async function pullApps(
  references: readonly string[],
  { engine, tell, signal }: { readonly engine: DockerEngine; readonly tell: Reporter; readonly signal: AbortSignal },
): Promise<void> {
  const failures: { readonly reference: string; readonly words: string }[] = [];
  for (const reference of references) {
    const words = await tell
      .step({ title: `Pulling ${reference}` }, async (see) => pull(reference, engine, signal, see))
      .then(() => undefined, wordsOf);
    signal.throwIfAborted();
    if (words !== undefined) failures.push({ reference, words });
  }
  const [first, ...more] = failures.map(({ reference, words }) => {
    const { cause, fix } = pullCause(reference, words);
    return {
      code: 'IMAGE_NOT_AVAILABLE',
      message: `the image ${reference} of an app cannot be pulled: ${cause}`,
      found: words,
      fix,
    } as const;
  });
  if (first !== undefined) throw new UserError(first, ...more);
}

class PullError extends Error {}

const wordsOf = (error: unknown): string => {
  if (error instanceof PullError) return error.message;
  throw error;
};

async function pull(reference: string, engine: DockerEngine, signal: AbortSignal, see: (text: string) => void) {
  const said: string[] = [];
  const onLine = (line: string) => {
    said.push(line);
    see(line);
  };
  const result = await engine.run(['pull', reference], { signal, onLine });
  signal.throwIfAborted();
  if (result.kind === 'ended' && result.exitCode === 0) return;
  throw new PullError(lastLines(said.join('\n'), 2));
}
