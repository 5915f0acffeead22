import type { Plan } from '../plan/plan.ts';

/**
 * What a browser on this machine has to resolve to use Mesos's page: it fetches from the leading master and from the
 * agents by the names that they have in the lab. As a line of /etc/hosts: `127.0.0.1 master1 agent1 agent2`.
 * @returns undefined where masters and agents are known by their addresses
 */
export function hostsLine(plan: Plan, most = Infinity): { readonly line: string; readonly more: number } | undefined {
  const address = /^http:\/\/\[?(.+?)\]?:\d+$/.exec(plan.urls.masters[0] ?? '')?.[1];
  if (plan.placement !== 'one-host' || address === undefined) return undefined;
  const components = plan.nodes.flatMap((node) => node.components);
  const hosts = (['mesos-master', 'mesos-agent'] as const).flatMap((role) =>
    components.filter((component) => component.role === role).map(({ host }) => host),
  );
  return { line: [address, ...hosts.slice(0, most)].join(' '), more: Math.max(0, hosts.length - most) };
}
