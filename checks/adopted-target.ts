import type { Plan } from '../planning/plan/plan.ts';
import type { ClusterTarget, ExpectedAgent } from './cluster-target.ts';

/**
 * The target of a cluster that was adopted: its URLs, and the masters and agents that were found. Its ZooKeepers are left
 * out: nobody knows whether this machine may ask them.
 */
export function targetFromAdopted({ adopted, agents }: Plan): ClusterTarget | undefined {
  if (adopted === undefined) return undefined;
  const { masters, marathons = [], loadBalancer } = adopted;
  const expected = (adopted.agents ?? []).map((url, index): ExpectedAgent => {
    const { hostname, port } = new URL(url);
    const planned = agents[index];
    return {
      name: planned?.id ?? hostname,
      hostname,
      port: port === '' ? 80 : Number(port),
      attributes: planned?.attributes ?? '',
    };
  });
  return {
    masters,
    marathons,
    ...(loadBalancer === undefined
      ? {}
      : // Service ports are where Marathon says.
        { loadBalancer, services: { host: new URL(loadBalancer).hostname, first: 0, published: 0 } }),
    zookeepers: [],
    expected: { masterCount: masters.length, agents: expected },
    // As it was found, with https where it has that.
    hosts: Object.fromEntries(
      expected.map(({ hostname, port }, index) => [`${hostname}:${port}`, adopted.agents?.[index] ?? '']),
    ),
  };
}
