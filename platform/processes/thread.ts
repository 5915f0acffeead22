import { getHeapStatistics } from 'node:v8';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/*
 * A thread of this process that runs the same program, for what would keep the others waiting. It does what it is asked,
 * and is gone with the process, however that ends.
 */

/** The end of who started it. */
export interface Thread {
  /** @throws Error as it was thrown there, with the fields of a system's error; also when the thread ends before it has answered */
  readonly ask: (content: unknown) => Promise<unknown>;
  /** Ends it at once, in the middle of whatever it does. */
  readonly end: () => Promise<void>;
}

type Asked = { readonly id: number; readonly content: unknown };
type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: ErrorFields });

interface ErrorFields {
  readonly message: string;
}

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Has a thread run a script. What nobody catches in there is an error that nobody catches in this process.
 * @param script absolute
 * @param given what the thread's program finds (serveThread)
 */
export function startThread(script: string, words: readonly string[], given: unknown): Thread {
  const worker = new Worker(script, {
    argv: [...words],
    workerData: { given },
    // As much as this one may have: by default it would be less.
    resourceLimits: { maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20) },
  });
  const waiting = new Map<number, Waiter>();
  let [asked, isOver] = [0, false];
  const gone = () => new Error('the thread has ended');
  worker.once('exit', () => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  });
  worker.on('message', (answer: Answer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('value' in answer) waiter?.resolve(answer.value);
    else waiter?.reject(Object.assign(new Error(answer.error.message), answer.error));
  });
  return {
    ask: (content) =>
      new Promise((resolve, reject) => {
        if (isOver) {
          reject(gone());
          return;
        }
        const id = (asked += 1);
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, content } satisfies Asked);
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}

/**
 * The thread's end: answers from then on.
 * @param answerer makes what answers, of what the thread was given
 * @returns false in the first thread of a process, which nobody asks anything
 */
export function serveThread(answerer: (given: unknown) => (content: unknown) => Promise<unknown>): boolean {
  const port = parentPort;
  if (port === null) return false;
  const answer = answerer((workerData as { readonly given: unknown }).given);
  const tell = (message: Answer) => {
    port.postMessage(message);
  };
  port.on('message', ({ id, content }: Asked) => {
    answer(content).then(
      (value) => {
        tell({ id, value });
      },
      (error: unknown) => {
        tell({ id, error: fieldsOf(error) });
      },
    );
  });
  return true;
}

/** A message to another thread keeps of an error only its words; its code, port and address are wanted, too. */
const fieldsOf = (error: unknown): ErrorFields =>
  error instanceof Error ? Object.assign({}, error, { message: error.message }) : { message: String(error) };
