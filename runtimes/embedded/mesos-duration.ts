const unitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  secs: 1000,
  mins: 60_000,
  hrs: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

/** Reads a duration as Mesos writes it, `15secs` (3rdparty/stout/duration.hpp); undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const unitMs = Object.hasOwn(unitsMs, unit) ? unitsMs[unit] : undefined;
  return unitMs === undefined ? undefined : Number(amount) * unitMs;
}
