import { durationUnits, isDurationUnit } from '../../protocol/duration-units.ts';

/** Reads a duration as Mesos writes it, `15secs` (3rdparty/stout/duration.hpp); undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  return isDurationUnit(unit) ? Number(amount) * durationUnits[unit] : undefined;
}
