import type { Problem } from '../../../errors/user-error.ts';
import type { PlannedComponent, PlannedNode, PlannedPort } from '../../../planning/plan/plan.ts';
import { labFolderOf, type LabContainer } from '../../docker/lab/lab-containers.ts';
import type { MachineLook } from './machine-look.ts';

/** Something about a node that keeps the lab from running on it, or may. */
export interface NodeRefusal {
  readonly problem: Problem;
  /** It may run all the same: said, and not refused. */
  readonly isWarning: boolean;
}

const code = 'MACHINE_NODE_UNFIT';
const refuse = (problem: Omit<Problem, 'code'>): NodeRefusal => ({ problem: { code, ...problem }, isWarning: false });
const warn = (problem: Omit<Problem, 'code'>): NodeRefusal => ({ problem: { code, ...problem }, isWarning: true });

const slowMs = 5000;
const wrongMs = 60_000;

/**
 * A clock that differs. Mesos and Marathon measure time-outs on their own machines, but logs cannot be compared, and TLS
 * and registries refuse certificates and tokens from another time.
 * @param aheadMs of this machine's clock; negative: behind
 */
export function clockRefusals({ name }: PlannedNode, aheadMs: number | undefined): readonly NodeRefusal[] {
  if (aheadMs === undefined || Math.abs(aheadMs) <= slowMs) return [];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const long = seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} s`;
  const found = `${long} ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const fix = `let both follow a time server: timedatectl set-ntp true on ${name} (or on this machine, if it is the wrong one)`;
  const message = `${name}: its clock is not right`;
  return [Math.abs(aheadMs) > wrongMs ? refuse({ message, found, fix }) : warn({ message, found, fix })];
}

const leastMb = 200;
const fewMb = 1000;

/** The disk with the Engine's images and containers. */
export function diskRefusals({ name }: PlannedNode, { freeMb }: MachineLook): readonly NodeRefusal[] {
  if (freeMb === undefined || freeMb >= fewMb) return [];
  const found = `${freeMb} MB free where Docker keeps its images`;
  const fix = `on ${name}: docker system df shows what fills it, docker system prune makes room`;
  return [
    freeMb < leastMb
      ? refuse({ message: `${name}: its disk is full`, found, fix })
      : warn({ message: `${name}: its disk is almost full`, found, fix }),
  ];
}

/** The plan's address must be one of the node's own: everything on it listens there. */
export function addressRefusals({ name, address }: PlannedNode, { addresses }: MachineLook): readonly NodeRefusal[] {
  if (address === undefined || addresses === undefined || addresses.includes(address)) return [];
  const own = addresses.filter((each) => !each.startsWith('127.'));
  return [
    refuse({
      message: `${name}: ${address} is not an address of this machine`,
      found: own.join(', '),
      fix: `set address under the node ${name} in mesos-cluster.yaml to its own; or is docker under that node another machine's?`,
    }),
  ];
}

/** Another lab on the same machine: both would listen at the same ports, and agents remove each other's tasks. */
export function labRefusals(
  { name, components }: PlannedNode,
  others: readonly LabContainer[],
): readonly NodeRefusal[] {
  const roles = new Set<string>(components.map(({ role }) => role));
  const clashing = others.filter(
    ({ role, state }) => roles.has(role) && state !== 'exited' && state !== 'killed' && state !== 'created',
  );
  const labs = new Map(clashing.map(({ lab, directory }) => [`${lab} ${directory}`, { lab, directory }]));
  return [...labs.values()].map(({ lab, directory }) =>
    refuse({
      message: `${name}: another lab runs on this machine: ${lab}`,
      found: `${clashing
        .filter((each) => each.lab === lab && each.directory === directory)
        .map(({ name: container }) => container)
        .join(', ')} of ${labFolderOf({ directory })}`,
      fix: `end it in its folder (create-mesos-cluster down), or take ${name} out of one of the two labs`,
    }),
  );
}

/** Ports on which something else listens, on the node's address or on all of them. */
export function portRefusals(node: PlannedNode, { listeners }: MachineLook): readonly NodeRefusal[] {
  if (listeners === undefined) return [];
  const { name, address, components } = node;
  const there = listeners.filter(({ address: at }) => at === '0.0.0.0' || at === address);
  const taken = components.flatMap((component) =>
    component.ports
      .filter(({ name: protocol }) => protocol !== 'dns')
      .flatMap((port) =>
        there
          .filter((each) => each.port >= port.target && each.port <= (port.targetEnd ?? port.target))
          .map((each) => ({ component, planned: port, port: each.port, at: each.address })),
      ),
  );
  if (taken.length === 0) return [];
  const words = [...new Set(taken.map(({ component, port }) => `${port} (${component.role})`))].slice(0, 8).join(', ');
  const flags = movingFlags(node, taken, new Set(there.map(({ port }) => port)));
  const move = flags === undefined ? '' : `, or move the lab: npm run up -- ${flags.join(' ')}`;
  return [
    refuse({
      message: `${name}: ports that the lab needs are taken: ${words}`,
      found: [...new Set(taken.map(({ port, at }) => `${at}:${port}`))].slice(0, 8).join(', '),
      fix: `on ${name}: ss -ltnp shows who listens there; end that${move}`,
    }),
  ];
}

interface TakenPort {
  readonly component: PlannedComponent;
  readonly planned: PlannedPort;
}

/** What moves these to where nothing listens on the node; undefined where one of them does not move. */
function movingFlags(
  { components }: PlannedNode,
  taken: readonly TakenPort[],
  inUse: ReadonlySet<number>,
): readonly string[] | undefined {
  const own = new Set(components.flatMap(({ ports }) => ports.flatMap(portsIn)));
  const flags = taken.map(({ component: { role, ports }, planned }) => {
    const [first] = ports;
    const isRange = planned.targetEnd !== undefined;
    // What a role has beside its first port moves with it, or does not move at all; Marathon-LB has one address for its page.
    if (!isRange && (planned !== first || role === 'marathon-lb')) return undefined;
    const moved = isRange
      ? portsIn(planned)
      : ports.filter(({ targetEnd }) => targetEnd === undefined).flatMap(portsIn);
    const step = steps.find((by) => moved.every((port) => !inUse.has(port + by) && !own.has(port + by)));
    if (step === undefined) return undefined;
    const to = planned.target + step;
    return isRange ? `--service-ports ${to}-${(planned.targetEnd ?? 0) + step}` : `--port ${role}=${to}`;
  });
  return flags.every((flag) => flag !== undefined) ? [...new Set(flags)] : undefined;
}

const portsIn = ({ target, targetEnd = target }: PlannedPort): readonly number[] =>
  Array.from({ length: targetEnd - target + 1 }, (_, index) => target + index);

const steps = Array.from({ length: 1000 }, (_, index) => 100 + index);
