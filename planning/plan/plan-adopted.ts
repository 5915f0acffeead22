import type { AdoptedPlan, Plan } from './plan.ts';

/** A plan whose cluster is there already: its URLs are what was found, not what the plan would have given. */
export function withAdopted(plan: Plan, adopted: AdoptedPlan | undefined): Plan {
  if (adopted === undefined) return plan;
  const { masters, agents = [], marathons = [], loadBalancer, zookeeper } = adopted;
  const path = /^zk:\/\/([^/]+)(\/.*)$/.exec(zookeeper ?? '');
  return {
    ...plan,
    adopted,
    urls: {
      ...plan.urls,
      masters,
      agents,
      marathons,
      loadBalancers: loadBalancer === undefined ? [] : [loadBalancer],
      // Service ports are where Marathon says, on the machine of the load balancer.
      services: [],
      addons: [],
      mesosZk: zookeeper ?? '',
      ...(zookeeper === undefined ? { marathonZk: '' } : {}),
      ...(path?.[1] === undefined ? {} : { zookeeperConnect: path[1] }),
    },
  };
}
