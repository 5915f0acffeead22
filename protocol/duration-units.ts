/** Milliseconds of each of Mesos's units (3rdparty/stout/include/stout/duration.hpp), the largest last. */
export const durationUnits = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  secs: 1000,
  mins: 60_000,
  hrs: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
} as const;

export type DurationUnit = keyof typeof durationUnits;

export const isDurationUnit = (unit: string): unit is DurationUnit => Object.hasOwn(durationUnits, unit);

/** Reads a duration as Mesos writes it, `15secs` (3rdparty/stout/duration.hpp); undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  return isDurationUnit(unit) ? Number(amount) * durationUnits[unit] : undefined;
}

/** Why a text is no duration, in stout's words. */
export function durationProblem(text: string): string {
  const [, amount = '', unit = ''] = /^([\d.]*)(.*)$/s.exec(text) ?? [];
  if (unit === '') return `Invalid duration '${text}'`;
  if (amount === '' || !Number.isFinite(Number(amount))) return `Failed to convert '${amount}' to number`;
  return `Unknown duration unit '${unit}'`;
}

/** A duration as stout writes it: in the largest unit that leaves no fraction, `90secs`, `2mins`. */
export function formatDuration(ms: number): string {
  const units = (Object.keys(durationUnits) as DurationUnit[]).reverse();
  const unit = units.find((each) => ms >= durationUnits[each] && Number.isInteger(ms / durationUnits[each])) ?? 'ns';
  return `${ms / durationUnits[unit]}${unit}`;
}
