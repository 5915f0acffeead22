import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-cli.ts';
import type { RegistryLogins } from './registry-login.ts';

/** The task that an image is for. */
export interface ImageUser {
  /** Absolute, with everything that was fetched: maybe credentials of a registry. */
  readonly sandbox: string;
  /** Pulls even an image that is there (forcePullImage). */
  readonly isForced: boolean;
  /** Ends the pull, unless another task waits for the same one. */
  readonly signal: AbortSignal;
}

/** Sees to it that images are there. */
export interface ImagePuller {
  /** @throws DockerError with Docker's words; as RegistryLogin.withHome */
  readonly provide: (image: string, user: ImageUser) => Promise<void>;
}

const inspectTimeoutMs = 30_000;

/**
 * As Docker::pull of Mesos does: a missing image is pulled, one that is there only when it must be; with the same
 * credentials never two at a time. Only the pull has the HOME of the credentials, in Mesos, too.
 */
export function imagePuller(cli: DockerCli, logins: RegistryLogins, timeoutMs: number): ImagePuller {
  // Tasks of one image look together, too: who had an old answer late would pull what has just been pulled.
  const looks = sharedWork<boolean>();
  const pulls = sharedWork<string>();
  return {
    provide: async (given, { sandbox, isForced, signal }) => {
      const image = withTag(given);
      const { key, withHome } = await logins(sandbox);
      const name = `${image} ${key}`;
      const look = (until: AbortSignal) => isThere(cli, image, until);
      if (!isForced && !pulls.isRunning(name) && (await looks.join(image, look, signal))) return;
      const pull = (until: AbortSignal) =>
        withHome((home) => cli.run(['pull', image], { timeoutMs, signal: until, env: { HOME: home } }));
      await pulls.join(name, pull, signal);
    },
  };
}

interface Work<Result> {
  readonly done: Promise<Result>;
  readonly controller: AbortController;
  waiting: number;
}

/** Work of which each name has one piece at a time: who asks meanwhile waits for the same, and it ends when nobody does. */
function sharedWork<Result>() {
  type Begin = (signal: AbortSignal) => Promise<Result>;
  const running = new Map<string, Work<Result>>();
  const start = (name: string, begin: Begin): Work<Result> => {
    const controller = new AbortController();
    const work = { done: begin(controller.signal), controller, waiting: 0 };
    running.set(name, work);
    const end = () => {
      forget(name, work);
    };
    work.done.then(end, end);
    return work;
  };
  const forget = (name: string, work: Work<Result>) => {
    if (running.get(name) === work) running.delete(name);
  };
  return {
    isRunning: (name: string) => running.has(name),
    /** @throws what the work throws; DockerError when the signal aborts */
    join: async (name: string, begin: Begin, signal: AbortSignal): Promise<Result> => {
      const work = running.get(name) ?? start(name, begin);
      work.waiting += 1;
      try {
        return await Promise.race([work.done, aborted(signal)]);
      } finally {
        work.waiting -= 1;
        if (work.waiting === 0) {
          forget(name, work);
          work.controller.abort();
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
