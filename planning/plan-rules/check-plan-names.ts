import type { Plan, PlannedNode } from '../plan/plan.ts';
import { hasRegistryCache, registryCacheService, registryStoreService } from '../plan/plan-engine.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem } from '../rules/rule.ts';

const longestLabel = 63;

/** Services, containers and host names of a lab on one host: each has a name of its own, short enough for DNS. */
export function checkPlanNames(plan: Plan): readonly SpecProblem[] {
  if (plan.placement !== 'one-host') return [];
  const owners = new Map<string, string>();
  return plan.nodes.flatMap((node, index) => {
    const path = ['nodes', index, 'name'];
    const services = servicesOf(node, plan);
    const problems = services.flatMap((service) => {
      const owner = owners.get(service);
      owners.set(service, node.name);
      return owner === undefined ? [] : [sameService(service, owner, node.name, path)];
    });
    const [longest = ''] = services.toSorted((a, b) => b.length - a.length);
    return longest.length > longestLabel ? [...problems, longService(longest, node.name, path)] : problems;
  });
}

/** A component is one service; an agent with an Engine of its own has up to four more beside it, and the registry two. */
function servicesOf({ components }: PlannedNode, plan: Plan): readonly string[] {
  return components.flatMap(({ id, role }) => {
    if (role === 'registry')
      return [id, registryStoreService, ...(hasRegistryCache(plan) ? [registryCacheService] : [])];
    if (role !== 'mesos-agent' || plan.agentDocker !== 'dind') return [id];
    return [
      ...[id, `${id}-node`, `${id}-docker`],
      ...(plan.cleaner === undefined ? [] : [`${id}-cleaner`]),
      ...(plan.taskNetwork === undefined ? [] : [`${id}-network`]),
    ];
  });
}

const sameService = (service: string, owner: string, node: string, path: SpecPath) =>
  problem('SPEC_NAME', path, `The nodes ${owner} and ${node} would both have a service ${service}`, {
    found: node,
    allowed: 'names that differ in more than the name of a role, -node, -docker, -cleaner or -network at the end',
    fix: 'Rename one of the two',
  });

const longService = (service: string, node: string, path: SpecPath) =>
  problem('SPEC_NAME', path, `The name ${node} is too long for its services`, {
    found: service,
    allowed: `at most ${longestLabel - (service.length - node.length)} characters for this node`,
    fix: 'Shorten it',
  });
