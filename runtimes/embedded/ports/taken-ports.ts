import { UserError, type Problem } from '../../../errors/user-error.ts';
import type { FindPortHolder } from '../../../platform/network/port-holder.ts';
import type { TryPort } from '../../../platform/network/try-port.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { movedBy, portFix, type UpWith } from '../../port-moves.ts';
import { firstServicesOf, listenersOf, type EmbeddedCluster, type Listener } from '../embedded-cluster.ts';
import type { LabRegistry } from '../lab-registry.ts';

export interface PortQuestions {
  readonly tryPort: TryPort;
  readonly findPortHolder: FindPortHolder;
  /** The container that has a port, in words: asked where the system names Docker's own process, or nobody. */
  readonly containerOn: (port: number) => Promise<string | undefined>;
  readonly registry: Pick<LabRegistry, 'running'>;
}

/**
 * Looks whether every port of the cluster is free, and the service port that its own verify needs.
 * @param upWith as in StartOptions
 * @throws UserError MACHINE_PORT_TAKEN with all that are not, a problem for each who holds some, and what moves them
 */
export async function checkPorts(
  plan: Plan,
  cluster: EmbeddedCluster,
  ask: PortQuestions,
  upWith?: UpWith,
): Promise<void> {
  const services = firstServicesOf(cluster);
  const listeners = [...listenersOf(cluster), ...services];
  const codes = await Promise.all(listeners.map(({ host, port }) => ask.tryPort(host, port)));
  const byHolder = new Map<string, Listener[]>();
  for (const [index, listener] of listeners.entries()) {
    const code = codes[index];
    if (code === undefined) continue;
    const holder = await holderOf(listener, code, ask);
    const others = byHolder.get(holder) ?? [];
    // An agent has its port on two addresses.
    if (!others.some(({ port }) => port === listener.port)) others.push(listener);
    byHolder.set(holder, others);
  }
  if (byHolder.size === 0) return;
  const fix = await fixFor(plan, cluster, [...byHolder.values()].flat(), ask, upWith);
  const [first, ...more] = [...byHolder].map(([holder, held]) => portProblem(held, holder, services, fix));
  if (first !== undefined) throw new UserError(first, ...more);
}

/** What moves these of the ports of a cluster. */
export function fixFor(
  plan: Plan,
  cluster: EmbeddedCluster,
  held: readonly Listener[],
  { tryPort }: PortQuestions,
  upWith: UpWith | undefined,
): Promise<string> {
  const components = plan.nodes.flatMap(({ components: all }) => all);
  const roleOf = ({ id, port }: Listener) => {
    const component = components.find((each) => each.id === id);
    const planned = component?.ports.find(({ published }) => published === port);
    return component === undefined ? id : movedBy(component, planned);
  };
  const services = firstServicesOf(cluster);
  const isService = ({ port }: Listener) => services.some((each) => each.port === port);
  return portFix({
    ...{ plan, tryPort, upWith },
    roles: new Set(held.filter((each) => !isService(each)).map(roleOf)),
    services: held.some(isService),
    listeners: listenersOf(cluster).map((each) => ({ ...each, role: roleOf(each) })),
  });
}

/**
 * The problem of ports that cannot be listened on, all for the same reason.
 * @param services those among the listeners that are service ports
 */
export function portProblem(
  listeners: readonly Listener[],
  holder: string,
  services: readonly Listener[],
  fix: string,
): Problem {
  const ports = listeners
    .map((each) => `${each.port} (${services.includes(each) ? 'service port of ' : ''}${each.id})`)
    .join(', ');
  return {
    code: 'MACHINE_PORT_TAKEN',
    message: `${listeners.length === 1 ? 'a port that the lab needs is' : 'ports that the lab needs are'} taken: ${ports}`,
    found: holder,
    fix,
  };
}

/** Who holds a port, in words. */
export async function holderOf({ host, port }: Listener, code: string, ask: PortQuestions): Promise<string> {
  if (code !== 'EADDRINUSE') return `the system does not let us listen on ${host} (${code})`;
  const holder = ask.findPortHolder(port);
  if (holder === undefined || holder.command.includes('docker-proxy')) {
    const container = await ask.containerOn(port);
    if (container !== undefined) return container;
  }
  if (holder === undefined) return 'a process that the system does not name (of another user, or in a container)';
  const lab = ask.registry.running().find(({ record }) => record.process.pid === holder.pid);
  if (lab !== undefined) {
    return `the lab ${lab.record.plan.name} (create-mesos-cluster down --lab ${lab.directory} ends it)`;
  }
  const { words } = holder;
  // Of another home, or started by another user: not in our registry.
  const directory = words.includes('__daemon') ? words[words.indexOf('--lab') + 1] : undefined;
  if (directory !== undefined) return `the lab in ${directory} (process ${holder.pid}); end it: npm run down there`;
  return `process ${holder.pid}${holder.command === '' ? '' : ` (${holder.command})`}`;
}
