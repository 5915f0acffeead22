/** What setTimeout takes at most; with more it would end at once. */
const maxTimerMs = 2 ** 31 - 1;

/** A time to wait, or the longest that a timer can wait. */
export const timerMs = (milliseconds: number): number => Math.min(milliseconds, maxTimerMs);
