import type { Falsy, TestCluster } from './test-cluster.ts';

// Tests may put fake timers in the place of the real ones, after they have imported this.
const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** As TestCluster.waitFor. */
export const waitFor: TestCluster['waitFor'] = async (look, options = {}) => {
  const { what = 'what was waited for', timeoutMs = 30_000, intervalMs = 20 } = options;
  const until = now() + timeoutMs;
  let seen = 'the first look has not come to an end';
  const late = Symbol('late');
  for (;;) {
    try {
      // A server that stands still answers no look.
      const found = await within(Promise.resolve(look()), until - now(), late);
      if (found === late) break;
      if (isTrue(found)) return found;
      seen = `the last look found ${String(found)}`;
    } catch (error) {
      seen = `the last look threw ${error instanceof Error ? error.message : String(error)}`;
    }
    if (now() > until) break;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
  throw new Error(`${what}: not within ${timeoutMs / 1000} s; ${seen}`);
};

async function within<Found, Late>(promise: Promise<Found>, ms: number, late: Late): Promise<Found | Late> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Late>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), late);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

const isTrue = <Found>(found: Found): found is Exclude<Found, Falsy> => Boolean(found);
