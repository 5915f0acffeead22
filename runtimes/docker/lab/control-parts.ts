import { UserError, type Problem } from '../../../errors/user-error.ts';
import type { PartAction } from '../../cluster-runtime.ts';
import type { LabContainer } from './lab-containers.ts';

/**
 * The containers that names stand for. To stop and to start, a node, which for the name of an agent is its whole pod, or
 * else a service; to kill and to pause, the service alone before the node: the tasks of an agent's Engine outlive it; to
 * unplug, all of the node that it is on. All without a name.
 * @throws UserError USAGE_UNKNOWN_NAME, and USAGE_ARGUMENTS for what is no agent, of all names
 */
export function partsNamed(
  containers: readonly LabContainer[],
  names: readonly string[],
  action: PartAction,
): readonly LabContainer[] {
  const problems: Problem[] = [];
  const isForAgents = action === 'partition' || action === 'heal';
  const named = (names.length === 0 ? [...new Set(containers.map(({ node }) => node))] : names).flatMap((name) => {
    const ofNode = containers.filter(({ node }) => node === name);
    const ofService = containers.filter(({ id }) => id === name);
    const [first, second] = action === 'stop' || action === 'start' ? [ofNode, ofService] : [ofService, ofNode];
    const meant = first.length > 0 ? first : second;
    const nodes = new Set(meant.map(({ node }) => node));
    const found = action === 'unplug' ? containers.filter(({ node }) => nodes.has(node)) : meant;
    const able = isForAgents ? found.filter(({ role }) => role === 'mesos-agent') : found;
    if (able.length === 0 && names.length > 0) problems.push(notNamed(name, action, containers, found.length > 0));
    return able;
  });
  const [problem, ...more] = problems;
  if (problem !== undefined) throw new UserError(problem, ...more);
  return named;
}

function notNamed(name: string, action: PartAction, containers: readonly LabContainer[], isKnown: boolean): Problem {
  if (!isKnown) {
    return {
      code: 'USAGE_UNKNOWN_NAME',
      message: `the lab has no node or container called ${name}`,
      found: name,
      allowed: [...new Set(containers.flatMap(({ node, id }) => [node, id]))].join(', '),
    };
  }
  return {
    code: 'USAGE_ARGUMENTS',
    message: `${action} is for agents, and their way to the masters`,
    found: name,
    allowed: containers.flatMap(({ id, role }) => (role === 'mesos-agent' ? [id] : [])).join(', '),
    fix: `pause ${name} keeps it from answering anybody, kill ${name} ends it`,
  };
}
