import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { taskPortsIn } from '../plan/plan-agents.ts';
import type { Plan, PlannedComponent, PlannedNode, PlannedPort } from '../plan/plan.ts';
import { componentOf, defaultPorts, roles, type Role } from '../catalogue/roles.ts';
import { frontPorts, servicePorts } from '../components/marathon-lb.ts';
import type { SpecPath } from '../shape/spec-problem.ts';

/** Ports that something listens on: one, or a range. */
export interface Listener {
  readonly first: number;
  readonly last: number;
  /** In words: `marathon (http)`. */
  readonly what: string;
  readonly path: SpecPath;
  /** Whether the spec seems to have moved it from where it usually is: then that is where a problem stands. */
  readonly moved: boolean;
  /** Whether the key at `path` moves it; else it is part of the program. */
  readonly movable: boolean;
  /** `ports.offset` moves it. */
  readonly isShifted: boolean;
}

/** Everything that wants ports of one machine or container. */
export interface Scope {
  /** In words: `on node1`. */
  readonly where: string;
  readonly listeners: readonly Listener[];
}

/**
 * Who listens where: on placement one-host what is inside each container, and what is published on this machine; on
 * placement machines everything on a node. The ports that an agent gives to tasks are where its Engine is.
 *
 * @param spec the one that was planned: it says which of its keys has an agent's resources
 */
export function planScopes(plan: Plan, spec: ClusterSpec): readonly Scope[] {
  const resources = new Map(plan.agents.map((agent) => [agent.id, agent.resources]));
  const shared = plan.placement === 'one-host' && plan.agentDocker === 'socket';
  const tasksOn = ({ components }: PlannedNode, index: number) =>
    components
      .filter(({ role }) => role === 'mesos-agent')
      .flatMap(({ id }) => {
        // Unless agents share a machine, the plan gives them the ports that Mesos gives.
        const said = shared || givenResources(spec, index) !== undefined;
        return tasks(id, said ? (resources.get(id) ?? '') : '', resourcesKey(spec, index));
      });
  if (plan.placement === 'machines') {
    return plan.nodes.map((node, index) => ({
      where: `on ${node.name}`,
      listeners: [...node.components.flatMap((component) => inside(component, plan)), ...tasksOn(node, index)],
    }));
  }
  const insides = plan.nodes.flatMap((node, index) =>
    node.components.map((component) => ({
      where: `in ${component.id}`,
      listeners: [
        ...inside(component, plan),
        ...(component.role === 'mesos-agent' && !shared ? tasksOn(node, index) : []),
      ],
    })),
  );
  const onMachine = plan.nodes.flatMap((node, index) => [
    ...node.components.flatMap((component) => listeners(component, published, () => true, plan.portOffset)),
    ...(shared ? tasksOn(node, index) : []),
  ]);
  return [...insides, { where: `on ${plan.bind}`, listeners: onMachine }];
}

type PortsOf = (port: PlannedPort) => { readonly first: number; readonly last: number } | undefined;

const targets: PortsOf = ({ target, targetEnd }) => ({ first: target, last: targetEnd ?? target });

const published: PortsOf = ({ published: first, target, targetEnd }) =>
  first === undefined ? undefined : { first, last: first + (targetEnd ?? target) - target };

/** Ports that no key of the spec moves, wherever they are. */
const fixedPorts: ReadonlySet<string> = new Set(
  roles
    .flatMap((role) => componentOf[role].ports.slice(1))
    .filter(({ usualLast, onMachines, onlyAsked }) => (usualLast ?? onMachines ?? onlyAsked) === undefined)
    .map(({ name }) => name),
);

function listeners(
  component: PlannedComponent,
  portsOf: PortsOf,
  isMovable: (port: PlannedPort) => boolean,
  offset: number,
): readonly Listener[] {
  const { role, id, ports } = component;
  return ports.flatMap((port, index) => {
    const range = portsOf(port);
    if (!range) return [];
    const usual = port.name === 'services' ? servicePorts.usual : defaultPorts[role];
    const isMain = index === 0 || port.name === 'services';
    const isFront = isFrontPort(port.name);
    const moved = isFront || (isMain && component.ordinal === 1 && range.first !== usual + offset);
    const movable = !fixedPorts.has(port.name) && isMovable(port);
    return [
      {
        ...range,
        what: `${id} (${port.name})`,
        path: ['ports', keyOf(role, port)],
        moved,
        movable,
        isShifted: offset > 0,
      },
    ];
  });
}

const isFrontPort = (name: string) => frontPorts.some((front) => front.name === name);

const keyOf = (role: Role, { name }: PlannedPort) => (name === 'services' || isFrontPort(name) ? name : role);

/** What HAProxy listens on in Marathon-LB, whether it is published or not. */
const haproxyPorts = [
  { port: 80, name: 'http' },
  { port: 443, name: 'https' },
  { port: 9091, name: 'app names over https' },
] as const;

/** Everything that a component listens on where it runs. */
function inside(component: PlannedComponent, { placement, portOffset }: Plan): readonly Listener[] {
  const { role } = component;
  const fixed = role === 'marathon-lb' ? haproxyPorts : [];
  const others = { ...component, ports: component.ports.filter(({ name }) => !isFrontPort(name)) };
  // On one host only Mesos listens where it is published; on several, only the statistics of HAProxy stay.
  const movesInside =
    placement === 'machines' ? role !== 'marathon-lb' : role === 'mesos-master' || role === 'mesos-agent';
  return [
    // Published services keep their ports inside, but for Mesos's own.
    ...listeners(others, targets, ({ name }) => name === 'services' || movesInside, movesInside ? portOffset : 0),
    ...fixed.map(({ port, name }) => ({
      first: port,
      last: port,
      what: `${component.id} (${name})`,
      path: ['ports', 'marathon-lb'],
      moved: false,
      movable: false,
      isShifted: false,
    })),
  ];
}

const givenResources = ({ nodes, mesos }: ClusterSpec, index: number) =>
  nodes?.[index]?.resources ?? mesos?.agent?.resources;

/** Which key of the spec has the resources of a node's agent. */
const resourcesKey = ({ nodes }: ClusterSpec, index: number): SpecPath =>
  nodes?.[index]?.resources === undefined ? ['mesos', 'agent', 'resources'] : ['nodes', index, 'resources'];

/** What Mesos gives to tasks unless resources say otherwise. */
const taskPorts = { first: 31_000, last: 32_000 };

function tasks(agent: string, given: string, path: SpecPath): readonly Listener[] {
  const ranges = taskPortsIn(given).map(({ begin, end }) => ({ first: begin, last: end }));
  return (ranges.length > 0 ? ranges : [taskPorts]).map((range) => ({
    ...range,
    what: `${agent} (tasks)`,
    path,
    moved: range.first < taskPorts.first || range.last > taskPorts.last,
    movable: true,
    isShifted: false,
  }));
}
