import { byName } from './rules/choose-service.ts';
import type { ServerPool } from './server-pool.ts';

const lines = (entries: ReadonlyMap<string, string>) =>
  [...entries].map(([key, backend]) => `${key} ${backend}\n`).join('');

/** In the order of marathon-lb. */
const servicesOf = (pools: readonly ServerPool[]) => [...pools].sort(byName).map((pool) => pool.service());

/** The first of two that claim a key has it, as in a map of HAProxy. */
function firstOf(entries: readonly (readonly [key: string, backend: string])[]): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const [key, backend] of entries) if (!result.has(key)) result.set(key, backend);
  return result;
}

/**
 * `domain2backend.map` of `marathon_lb.py --haproxy-map`: services by virtual host; those of certain paths or for certain
 * people are no part of it.
 */
export function virtualHostMap(pools: readonly ServerPool[]): string {
  const services = servicesOf(pools).filter(({ paths, rules }) => paths.length === 0 && rules.auth === undefined);
  return lines(
    firstOf(services.flatMap(({ virtualHosts, name }) => virtualHosts.map((host) => [host, name] as const))),
  );
}

/** `app2backend.map`: the first HTTP service of each app. */
export function appMap(pools: readonly ServerPool[]): string {
  const services = servicesOf(pools).filter(({ mode }) => mode === 'http');
  return lines(firstOf(services.map(({ appId, name }) => [appId, name] as const)));
}
