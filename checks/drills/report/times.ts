/** `75 s`, `3.2 s`, `0.05 s`, `120 ms`: as exact as it needs to be. */
export function shortTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${ms < 60_000 ? Number((ms / 1000).toFixed(1)) : Math.round(ms / 1000)} s`;
}

/** `9 s to 12 s`, `up to 500 ms` */
export function timeRange({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): string {
  return fromMs <= 0 ? `up to ${shortTime(toMs)}` : `${shortTime(fromMs)} to ${shortTime(toMs)}`;
}
