import { UserError, type Problem } from '../../errors/user-error.ts';
import type { FindPortHolder } from '../../platform/port-holder.ts';
import type { TryPort } from '../../platform/try-port.ts';
import type { Plan } from '../../spec/plan.ts';
import { listenersOf, type EmbeddedCluster, type Listener } from './embedded-cluster.ts';
import type { LabRegistry } from './lab-registry.ts';

export interface PortQuestions {
  readonly tryPort: TryPort;
  readonly findPortHolder: FindPortHolder;
  readonly registry: Pick<LabRegistry, 'running'>;
}

/**
 * Looks whether every port of the cluster is free.
 * @throws UserError MACHINE_PORT_TAKEN with all that are not, a problem for each who holds some
 */
export async function checkPorts(plan: Plan, cluster: EmbeddedCluster, ask: PortQuestions): Promise<void> {
  const listeners = listenersOf(cluster);
  const codes = await Promise.all(listeners.map(({ host, port }) => ask.tryPort(host, port)));
  const byHolder = new Map<string, Listener[]>();
  for (const [index, listener] of listeners.entries()) {
    const code = codes[index];
    if (code === undefined) continue;
    const holder = holderOf(listener, code, ask);
    const others = byHolder.get(holder) ?? [];
    // An agent has its port on two addresses.
    if (!others.some(({ port }) => port === listener.port)) others.push(listener);
    byHolder.set(holder, others);
  }
  const [first, ...more] = [...byHolder].map(([holder, held]) => portProblem(plan, held, holder));
  if (first !== undefined) throw new UserError(first, ...more);
}

/** The problem of ports that cannot be listened on, all for the same reason. */
export function portProblem(plan: Plan, listeners: readonly Listener[], holder: string): Problem {
  const components = plan.nodes.flatMap(({ components }) => components);
  const roles = new Set(listeners.flatMap(({ id }) => components.find((component) => component.id === id)?.role ?? []));
  const ports = listeners.map(({ id, port }) => `${port} (${id})`).join(', ');
  const flags = [...roles].map((role) => `--port ${role}=PORT`).join(' ');
  return {
    code: 'MACHINE_PORT_TAKEN',
    message: `${listeners.length === 1 ? 'a port that the lab needs is' : 'ports that the lab needs are'} taken: ${ports}`,
    found: holder,
    fix: `end that; or move all ports with --port-offset 100; or these with ${flags}, or with ports in mesos-cluster.yaml`,
  };
}

/** Who holds a port, in words. */
export function holderOf({ host, port }: Listener, code: string, ask: PortQuestions): string {
  if (code !== 'EADDRINUSE') return `the system does not let us listen on ${host} (${code})`;
  const holder = ask.findPortHolder(port);
  if (holder === undefined) return 'a process that the system does not name (of another user, or in a container)';
  const lab = ask.registry.running().find(({ record }) => record.process.pid === holder.pid);
  if (lab !== undefined) {
    return `the lab ${lab.record.plan.name} (create-mesos-cluster down --lab ${lab.directory} ends it)`;
  }
  return `process ${holder.pid}${holder.command === '' ? '' : ` (${holder.command})`}`;
}
