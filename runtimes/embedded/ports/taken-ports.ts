import { UserError, type Problem } from '../../../errors/user-error.ts';
import type { FindPortHolder } from '../../../platform/network/port-holder.ts';
import type { TryPort } from '../../../platform/network/try-port.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { firstServicesOf, highestPort, listenersOf, type EmbeddedCluster, type Listener } from '../embedded-cluster.ts';
import type { LabRegistry } from '../lab-registry.ts';

export interface PortQuestions {
  readonly tryPort: TryPort;
  readonly findPortHolder: FindPortHolder;
  /** The container that has a port, in words: asked where the system names Docker's own process, or nobody. */
  readonly containerOn: (port: number) => Promise<string | undefined>;
  readonly registry: Pick<LabRegistry, 'running'>;
}

const highest = 65_535;

/**
 * Looks whether every port of the cluster is free, and the service port that its own verify needs.
 * @throws UserError MACHINE_PORT_TAKEN with all that are not, a problem for each who holds some, and the port offset
 * at which all are
 */
export async function checkPorts(plan: Plan, cluster: EmbeddedCluster, ask: PortQuestions): Promise<void> {
  const services = firstServicesOf(cluster);
  const listeners = [...listenersOf(cluster), ...services];
  const codes = await codesOf(listeners, 0, ask);
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
  const step = await freeStep(cluster, listeners, ask);
  const offset = step === undefined ? undefined : plan.portOffset + step;
  const [first, ...more] = [...byHolder].map(([holder, held]) => portProblem(plan, held, holder, { offset, services }));
  if (first !== undefined) throw new UserError(first, ...more);
}

/** Why each of these cannot be listened on, so many ports above. */
const codesOf = (listeners: readonly Listener[], step: number, { tryPort }: PortQuestions) =>
  Promise.all(listeners.map(({ host, port }) => tryPort(host, port + step)));

/** How far up, in hundreds, every port is free. */
async function freeStep(cluster: EmbeddedCluster, listeners: readonly Listener[], ask: PortQuestions) {
  const most = Math.min(2000, highest - highestPort(cluster));
  for (let step = 100; step <= most; step += 100) {
    if ((await codesOf(listeners, step, ask)).every((code) => code === undefined)) return step;
  }
  return undefined;
}

interface Advice {
  /** A port offset that helps. */
  readonly offset: number | undefined;
  /** Those among the listeners that are service ports. */
  readonly services: readonly Listener[];
}

/** The problem of ports that cannot be listened on, all for the same reason. */
export function portProblem(
  plan: Plan,
  listeners: readonly Listener[],
  holder: string,
  { offset, services }: Advice,
): Problem {
  const components = plan.nodes.flatMap(({ components }) => components);
  const isService = (listener: Listener) => services.includes(listener);
  const own = listeners.filter((each) => !isService(each));
  const roles = new Set(own.flatMap(({ id }) => components.find((component) => component.id === id)?.role ?? []));
  const ports = listeners
    .map((each) => `${each.port} (${isService(each) ? 'service port of ' : ''}${each.id})`)
    .join(', ');
  const flags = [
    ...[...roles].map((role) => `--port ${role}=PORT`),
    ...(listeners.some(isService) ? ['--service-ports FIRST-LAST'] : []),
  ].join(' ');
  return {
    code: 'MACHINE_PORT_TAKEN',
    message: `${listeners.length === 1 ? 'a port that the lab needs is' : 'ports that the lab needs are'} taken: ${ports}`,
    found: holder,
    fix: `end that; or move all ports with --port-offset ${offset ?? 'N'}; or these with ${flags}, or with ports in mesos-cluster.yaml`,
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
