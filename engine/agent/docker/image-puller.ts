import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-cli.ts';

/** Sees to it that images are there. */
export interface ImagePuller {
  /**
   * @param isForced pulls even an image that is there (forcePullImage)
   * @param signal ends the pull, unless another task waits for the same image
   * @throws DockerError with Docker's words
   */
  readonly provide: (image: string, isForced: boolean, signal: AbortSignal) => Promise<void>;
}

interface Pull {
  readonly done: Promise<void>;
  readonly controller: AbortController;
  waiting: number;
}

const inspectTimeoutMs = 30_000;

/** As Docker::pull of Mesos does: a missing image is pulled, one that is there only when it must be; never two at a time. */
export function imagePuller(cli: DockerCli, timeoutMs: number): ImagePuller {
  const pulls = new Map<string, Pull>();
  const start = (image: string): Pull => {
    const controller = new AbortController();
    const done = cli.run(['pull', image], { timeoutMs, signal: controller.signal }).then(() => undefined);
    const pull = { done, controller, waiting: 0 };
    pulls.set(image, pull);
    // Who waits for it sees how it ends.
    const forget = () => {
      if (pulls.get(image) === pull) pulls.delete(image);
    };
    done.then(forget, forget);
    return pull;
  };
  return {
    provide: async (given, isForced, signal) => {
      const image = withTag(given);
      if (!isForced && (await isThere(cli, image, signal))) return;
      const pull = pulls.get(image) ?? start(image);
      pull.waiting += 1;
      try {
        await Promise.race([pull.done, aborted(signal)]);
      } finally {
        pull.waiting -= 1;
        if (pull.waiting === 0) {
          pulls.delete(image);
          pull.controller.abort();
        }
      }
    },
  };
}

async function isThere(cli: DockerCli, image: string, signal: AbortSignal): Promise<boolean> {
  try {
    await cli.run(['inspect', '--type=image', image], { timeoutMs: inspectTimeoutMs, signal });
    return true;
  } catch (error) {
    if (error instanceof DockerError && /no such (?:image|object)/i.test(error.stderr)) return false;
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => {
      reject(new DockerError('stopped', 'The pull was discarded'));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Without a tag Docker would look for `latest` as well, but older ones pulled every tag. */
function withTag(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.includes(':') || last.includes('@') ? image : `${image}:latest`;
}
