import { vi } from 'vitest';

const tickMs = 5;

/**
 * A clock by which no more than a few milliseconds pass between two turns of the event loop: on a machine that does other
 * things no timeout is over only because this process did not get to run. Call what it returns to have the machine's back.
 */
export function startFairClock(): () => void {
  const { setTimeout, clearTimeout } = globalThis;
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
  };
}

/** By that clock. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
