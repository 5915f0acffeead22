import type { TryPort } from '../platform/network/try-port.ts';
import type { Plan, PlannedComponent, PlannedPort } from '../planning/plan/plan.ts';

/** The `up` that was typed, with these flags about ports in place of those of the same name. */
export type UpWith = (flags: readonly string[]) => string;

interface Listener {
  readonly host: string;
  readonly port: number;
}

/** Ports of a lab that are taken, and all others that it has. */
export interface TakenPorts {
  readonly plan: Plan;
  /** Roles some of whose ports are taken, and names of ports that have a key of their own, and no flag. */
  readonly roles: ReadonlySet<string>;
  /** Some of the service ports are taken. */
  readonly services: boolean;
  /** Everything that it listens on, those of the load balancer's service ports aside. */
  readonly listeners: readonly (Listener & { readonly role: string })[];
  readonly tryPort: TryPort;
  readonly upWith: UpWith | undefined;
}

/** As if nothing else had been said. */
export const plainUp: UpWith = (flags) => `npm run up -- ${flags.join(' ')}`;

const highest = 65_535;
const furthest = 2000;

/** What to do about ports that are taken: commands that work as they are, for they were tried. */
export async function portFix(taken: TakenPorts): Promise<string> {
  const { plan, upWith = plainUp } = taken;
  const { portOffset, placement, servicePorts, bind } = plan;
  const onMachines = placement === 'machines';
  const services = plan.nodes
    .flatMap(({ components }) => components)
    .filter(({ role }) => role === 'marathon-lb')
    .flatMap(() => range(bind, servicePorts.first + portOffset, servicePorts.last + portOffset));
  // Nodes that are machines have addresses of their own, and there is no offset.
  const step = onMachines
    ? undefined
    : await freeStep([...taken.listeners, ...services], new Set(), 100, taken.tryPort);
  const flags = await movingFlags(taken, services);
  const ways = [
    'end that',
    ...(step === undefined ? [] : [`move all ports: ${upWith([`--port-offset ${portOffset + step}`])}`]),
    ...(flags === undefined ? [] : [`move ${flags.length === 1 ? 'this part' : 'these parts'}: ${upWith(flags)}`]),
  ];
  return `${ways.join('; or ')}; ports in mesos-cluster.yaml moves them for good`;
}

/** A flag for each role, and for the service ports; undefined where one of them does not move. */
async function movingFlags(
  { plan, roles, services, listeners, tryPort }: TakenPorts,
  servicePorts: readonly Listener[],
): Promise<readonly string[] | undefined> {
  const known = new Set<string>(plan.nodes.flatMap(({ components }) => components.map(({ role }) => role)));
  const movesNot =
    (plan.placement === 'machines' && roles.has('marathon-lb')) || [...roles].some((role) => !known.has(role));
  if (movesNot) return undefined;
  const others = listeners.filter(({ role }) => !roles.has(role));
  const inUse = new Set([...others, ...(services ? [] : servicePorts)].map(({ port }) => port));
  const flags: string[] = [];
  const move = async (own: readonly Listener[], flagAt: (step: number) => string) => {
    const step = await freeStep(own, inUse, 1, tryPort);
    if (step === undefined) return;
    for (const { port } of own) inUse.add(port + step);
    flags.push(flagAt(step));
  };
  for (const role of roles) {
    const own = listeners.filter((each) => each.role === role);
    const base = (own[0]?.port ?? 0) - plan.portOffset;
    await move(own, (step) => `--port ${role}=${base + step}`);
  }
  const { first, last } = plan.servicePorts;
  if (services) await move(servicePorts, (step) => `--service-ports ${first + step}-${last + step}`);
  return flags.length === roles.size + Number(services) && flags.length > 0 ? flags : undefined;
}

/** How far up, a hundred at least, all of these are free and none is in use. */
async function freeStep(
  listeners: readonly Listener[],
  inUse: ReadonlySet<number>,
  by: number,
  tryPort: TryPort,
): Promise<number | undefined> {
  for (let step = 100; step <= furthest; step += by) {
    if (listeners.some(({ port }) => port + step > highest)) return undefined;
    if (listeners.some(({ port }) => inUse.has(port + step))) continue;
    const codes = await Promise.all(listeners.map(({ host, port }) => tryPort(host, port + step)));
    if (codes.every((code) => code === undefined)) return step;
  }
  return undefined;
}

/** Whose `--port` moves a port of a component: that of its role, but for what Marathon-LB publishes beside its page. */
export const movedBy = ({ role }: PlannedComponent, port: PlannedPort | undefined): string =>
  role !== 'marathon-lb' || port === undefined || port.name === 'stats' ? role : port.name;

const range = (host: string, first: number, last: number): readonly Listener[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ host, port: first + index }));
