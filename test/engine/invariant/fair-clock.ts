import { vi } from 'vitest';

const tickMs = 5;

/**
 * A clock by which no more than a few milliseconds pass between two turns of the event loop: on a machine that does other
 * things no timeout is over only because this process did not get to run. Call what it returns to have the machine's back.
 */
export function startFairClock(): () => void {
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  let timer: NodeJS.Timeout;
  const tick = () => {
    vi.advanceTimersByTime(tickMs);
    timer = setTimeout(tick, tickMs);
  };
  timer = setTimeout(tick, tickMs);
  return () => {
    clearTimeout(timer);
    vi.useRealTimers();
    // engine/lives/watch-process.ts has put its own in the place of those that Vitest would take back.
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
  };
}

/** By that clock. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
