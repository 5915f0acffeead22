import type { Filters } from './scheduler-call.ts';

/** Filters.refuse_seconds of mesos.proto. */
const defaultRefuseSeconds = 5;

/** For how long a framework does not want what it has answered. */
export function refuseSeconds(filters: Filters | undefined): number {
  const seconds = filters?.refuse_seconds ?? defaultRefuseSeconds;
  return seconds < 0 ? defaultRefuseSeconds : seconds;
}
