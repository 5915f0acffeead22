import type { Allocation, FrameworkRecord } from './records.ts';
import { noResources, plus, type Resources } from './resources.ts';

/** Of a role that the framework has, or had. */
export function allocationOf({ allocations }: FrameworkRecord, role: string): Allocation {
  const known = allocations.get(role);
  if (known !== undefined) return known;
  const allocation = { used: noResources, offered: noResources };
  allocations.set(role, allocation);
  return allocation;
}

/** Of all roles together; most frameworks have one. */
export function allocatedTo({ allocations }: FrameworkRecord, kind: keyof Allocation): Resources {
  let sum: Resources | undefined;
  for (const allocation of allocations.values()) {
    sum = sum === undefined ? allocation[kind] : plus(sum, allocation[kind]);
  }
  return sum ?? noResources;
}
