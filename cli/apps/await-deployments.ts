import { awaitDeployment, pollMs, type WaitWorld } from './await-deployment.ts';
import type { MarathonClient } from './marathon-client.ts';

/** So many looks at apps are as often as one app is looked at alone. */
const looksAtOnce = 10;
const mostPollMs = 2000;
/** An answer shows every app that waits, so all that ask about now share it. */
const queueMs = 500;

/**
 * Waits for all apps of a group at once, for an app may wait for another one that fails.
 * @returns a line for each that says what runs
 * @throws UserError as awaitDeployment does, for the first that is not going to run
 */
export async function awaitDeployments(ids: readonly string[], world: WaitWorld): Promise<readonly string[]> {
  const ended = new AbortController();
  const signal = AbortSignal.any([world.signal, ended.signal]);
  const marathon = withSharedQueue(world);
  const everyMs = Math.min(mostPollMs, pollMs * Math.max(1, ids.length / looksAtOnce));
  let left = ids.length;
  const wait = async (id: string) => {
    const seen = (text: string) => {
      world.seen(ids.length === 1 ? text : `${left} of ${ids.length} left; ${id} ${text}`);
    };
    const state = await awaitDeployment(id, { ...world, marathon, signal, seen, everyMs });
    left--;
    return state;
  };
  try {
    return await Promise.all(ids.map(wait));
  } finally {
    ended.abort();
  }
}

function withSharedQueue({ marathon: { ask }, clock }: WaitWorld): MarathonClient {
  let asked: { readonly at: number; readonly answer: ReturnType<MarathonClient['ask']> } | undefined;
  return {
    ask: (method, path, body) => {
      if (path !== '/v2/queue') return ask(method, path, body);
      if (asked === undefined || clock.now() - asked.at >= queueMs)
        asked = { at: clock.now(), answer: ask(method, path) };
      return asked.answer;
    },
  };
}
