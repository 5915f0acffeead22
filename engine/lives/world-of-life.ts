import type { StartedProcess } from '../../platform/processes/process-request.ts';
import type { Processes } from '../../platform/processes/processes.ts';
import type { Sandboxes } from '../../platform/files/sandboxes.ts';
import type { Candidacy, Discovery } from '../discovery/discovery.ts';
import type { RecordStore } from '../framework/storage/record-store.ts';
import type { RegistryStore } from '../master/registry/registry-store.ts';
import type { Life } from './life.ts';

/*
 * What a component is given of the world, as it is for a process of its own: answers wait while it is paused, and
 * nobody hears of them, nor is anything begun any more, once it is over.
 */

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** Does something in a life, in its turn. */
function inLife(life: Life, action: () => void): void {
  void life.turn().then(() => {
    life.run(action);
  });
}

/** Lets a life have what comes of something when it may go on. */
export async function inTurn<T>(life: Life, action: () => Promise<T>): Promise<T> {
  if (life.state === 'over') return never();
  const [outcome] = await Promise.allSettled([action()]);
  await life.turn();
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

/** The same functions; those that answer later answer in turn. */
function held<Held extends object>(life: Life, functions: Held): Held {
  return new Proxy(functions, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...words: readonly unknown[]): unknown => {
        if (life.state === 'over') return never();
        const answer: unknown = value.apply(target, words);
        return answer instanceof Promise ? inTurn(life, () => answer) : answer;
      };
    },
  });
}

/** Nothing is said any more once it is over. */
export const logOf =
  (life: Life, log: (line: string) => void) =>
  (line: string): void => {
    if (life.state !== 'over') log(line);
  };

export const sandboxesOf = (life: Life, sandboxes: Sandboxes): Sandboxes => held(life, sandboxes);

export const registryOf = (life: Life, registry: RegistryStore): RegistryStore => held(life, registry);

export const storeOf = (life: Life, store: RecordStore): RecordStore => held(life, store);

/** Processes outlive the life; of their end it hears in turn. */
export function processesOf(life: Life, processes: Processes): Processes {
  const ofLife = held(life, processes);
  const watched = ({ id, ended }: StartedProcess): StartedProcess => ({ id, ended: inTurn(life, () => ended) });
  return {
    ...ofLife,
    inheritedEnvironment: processes.inheritedEnvironment,
    signalGroup: (id, signal) => life.state === 'running' && processes.signalGroup(id, signal),
    signalProcess: (id, signal) => life.state === 'running' && processes.signalProcess(id, signal),
    start: async (request) => watched(await ofLife.start(request)),
    startPiped: async (request) => {
      const piped = await ofLife.startPiped(request);
      // What reads it goes with the life.
      life.onOver(piped.letGo);
      return { ...piped, ...watched(piped) };
    },
  };
}

/**
 * The life's part in an election. Its candidacy ends with it, and when it was paused for the time of a session: then it
 * hears of that as soon as it goes on, as from ZooKeeper.
 */
export function discoveryOf(life: Life, discovery: Discovery, sessionMs: number): Discovery {
  return {
    contend: (candidate, contest) => {
      const candidacy = discovery.contend(candidate, {
        onElected: () => {
          inLife(life, contest.onElected);
        },
        onLost: (reason) => {
          inLife(life, () => contest.onLost?.(reason));
        },
      });
      return sessionOf(life, candidacy, sessionMs, () => contest.onLost?.('Session expired'));
    },
    watch: (listener) => {
      let isWatching = true;
      const unwatch = discovery.watch((leader, count) => {
        inLife(life, () => {
          if (isWatching) listener(leader, count);
        });
      });
      life.onOver(unwatch);
      return () => {
        isWatching = false;
        unwatch();
      };
    },
  };
}

function sessionOf(life: Life, candidacy: Candidacy, sessionMs: number, onExpired: () => void): Candidacy {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const withdraw = () => {
    isOver = true;
    clearTimeout(timer);
    candidacy.withdraw();
  };
  life.onOver(withdraw);
  life.onPause(() => {
    if (isOver) return;
    timer = setTimeout(() => {
      candidacy.withdraw();
      inLife(life, () => {
        if (isOver) return;
        isOver = true;
        onExpired();
      });
    }, sessionMs).unref();
    void life.turn().then(() => {
      clearTimeout(timer);
    });
  });
  return { withdraw };
}
