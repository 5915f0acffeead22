import { spawn } from 'node:child_process';

/*
 * A process that does what its parent asks for, over a line between the two. When the parent goes, in whatever way, the
 * line breaks, and the process cleans up and ends.
 */

/** One thing that is asked for. */
export interface Ask {
  readonly call: string;
  readonly content: unknown;
}

type Asked = Ask & { readonly id: number };
type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

/** The parent's end. */
export interface Servant {
  /** @throws Error with what went wrong, in words; also when the process ends before it has answered */
  readonly ask: (call: string, content: unknown) => Promise<unknown>;
  /** Closes the line: the process cleans up and ends. Resolves when it has, with whether it did so without a failure. */
  readonly dismiss: () => Promise<boolean>;
}

/** As much of what it says on standard error as goes into an error. */
const mostCharacters = 4000;

/**
 * Starts one in a session of its own: what is sent to our process group (Ctrl-C, kill -9) does not reach it, so that it
 * is there to clean up. It keeps our process alive only while it has something to answer.
 */
export function startServant(script: string, words: readonly string[]): Servant {
  const child = spawn(process.execPath, [script, ...words], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    windowsHide: true,
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-mostCharacters);
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let end: string | undefined;
  const ended = new Promise<boolean>((resolve) => {
    const over = (reason: string, isClean: boolean) => {
      end ??= `the process of the cluster has ended (${reason})${said === '' ? '' : `: ${said.trim()}`}`;
      for (const { reject } of waiting.values()) reject(new Error(end));
      waiting.clear();
      resolve(isClean);
    };
    child.once('error', (error) => {
      over(error.message, false);
    });
    // Node.js 20 emits no `close` of a process whose line was closed here. What it has said is there first.
    const silent = new Promise<unknown>((resolve) => child.stderr?.once('close', resolve));
    child.once('exit', (code, signal) => {
      void silent.then(() => {
        over(signal ?? `exit code ${code ?? 'unknown'}`, code === 0);
      });
    });
  });
  const keepAlive = (isWanted: boolean) => {
    const method = isWanted ? 'ref' : 'unref';
    child[method]();
    child.channel?.[method]();
    (child.stderr as { ref?: () => void; unref?: () => void } | null)?.[method]?.();
  };
  keepAlive(false);
  child.on('message', (message) => {
    const answer = message as Answer;
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) keepAlive(false);
    if ('error' in answer) waiter?.reject(new Error(answer.error));
    else waiter?.resolve(answer.value);
  });
  return {
    ask: (call, content) =>
      new Promise((resolve, reject) => {
        if (end !== undefined || !child.connected) {
          reject(new Error(end ?? 'the cluster has ended'));
          return;
        }
        const id = (asked += 1);
        waiting.set(id, { resolve, reject });
        keepAlive(true);
        // It has died, then: its end says so to whoever waits.
        child.send({ id, call, content } satisfies Asked, () => undefined);
      }),
    dismiss: () => {
      // What is left of the child keeps nobody alive once the line is closed.
      const alive = setInterval(() => undefined, 1000);
      if (child.connected) child.disconnect();
      return ended.finally(() => {
        clearInterval(alive);
      });
    },
  };
}

/**
 * The servant's end.
 * @param answer what is done for an ask; what it throws is told to the parent
 * @param wordsOf an error that the parent is told of
 * @returns resolves when the parent has gone, or hung up
 */
export function serveParent(
  answer: (ask: Ask) => Promise<unknown>,
  wordsOf: (error: unknown) => string,
): Promise<void> {
  const tell = (message: Answer) => {
    // The parent may have died meanwhile.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  process.on('message', (message) => {
    const { id, ...ask } = message as Asked;
    answer(ask).then(
      (value) => {
        tell({ id, value: value ?? null });
      },
      (error: unknown) => {
        tell({ id, error: wordsOf(error) });
      },
    );
  });
  return new Promise((resolve) => {
    if (!process.connected) resolve();
    process.once('disconnect', resolve);
  });
}
