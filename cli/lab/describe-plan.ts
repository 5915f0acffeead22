import { simulationText } from '../../planning/plan/plan-simulated-agents.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { componentOf, roles } from '../../planning/catalogue/roles.ts';

/** What a lab is, in one line: `3 ZooKeepers, 3 masters (quorum 2), 3 agents, 1 Marathon, 1 load balancer`. */
export function describePlan(plan: Plan): string {
  const components = plan.nodes.flatMap((node) => node.components);
  const parts = roles.flatMap((role) => {
    const [one, several] = componentOf[role].title;
    const count = components.filter((component) => component.role === role).length;
    if (count === 0) return [];
    const quorum = role === 'mesos-master' && count > 1 ? ` (quorum ${String(plan.quorum)})` : '';
    return [`${String(count)} ${count === 1 ? one : several}${quorum}`];
  });
  const simulated = plan.simulatedAgents === undefined ? [] : [simulationText(plan.simulatedAgents)];
  const where = plan.placement === 'one-host' ? 'on this machine' : `on ${counted(plan.nodes.length, 'machine')}`;
  return `${[...parts, ...simulated].join(', ')}, ${where}${plan.vagrant ? ` (Vagrant, ${plan.vagrant.provider})` : ''}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
