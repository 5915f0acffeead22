import { useRef } from 'preact/hooks';
import type { UsageDetails } from '../../picture/details.ts';

/** How many processors each container uses: between the last two times that it was measured. */
export function useRates(usage: readonly UsageDetails[]): ReadonlyMap<string, number> {
  const before = useRef(new Map<string, UsageDetails>());
  const rates = useRef(new Map<string, number>());
  for (const each of usage) {
    const last = before.current.get(each.container);
    if (last !== undefined && each.at <= last.at) continue;
    if (last !== undefined) {
      rates.current.set(each.container, Math.max(0, (each.cpuSeconds - last.cpuSeconds) / (each.at - last.at)));
    }
    before.current.set(each.container, each);
  }
  return rates.current;
}
