import { isFault } from '../parse-mesos-value.ts';
import { parseResources } from '../parse-resources.ts';
import type { Plan, PlannedComponent, PlannedPort } from '../plan.ts';
import { defaultPorts, type Role } from '../roles.ts';
import type { SpecPath } from '../spec-problem.ts';

/** Ports that something listens on: one, or a range. */
export interface Listener {
  readonly first: number;
  readonly last: number;
  /** In words: `marathon (http)`. */
  readonly what: string;
  readonly path: SpecPath;
  /** Whether the spec seems to have moved it from where it usually is: then that is where a mistake stands. */
  readonly moved: boolean;
}

/** Everything that wants ports of one machine or container. */
export interface Scope {
  /** In words: `on node1`. */
  readonly where: string;
  readonly listeners: readonly Listener[];
}

/**
 * Who listens where: on runtime docker what is published on this machine, and what is inside each container; on
 * runtime hosts everything on a node, with the ports that its agent gives to tasks.
 */
export function planScopes(plan: Plan): readonly Scope[] {
  const components = plan.nodes.flatMap((node) => node.components);
  if (plan.runtime === 'docker') {
    return [
      { where: `on ${plan.bind}`, listeners: components.flatMap((component) => listeners(component, published)) },
      ...components.map((component) => ({ where: `in ${component.id}`, listeners: inside(component) })),
    ];
  }
  const resources = new Map(plan.agents.map((agent) => [agent.id, agent.resources]));
  return plan.nodes.map((node) => ({
    where: `on ${node.name}`,
    listeners: node.components.flatMap((component) => [
      ...inside(component),
      ...(component.role === 'mesos-agent' ? tasks(component.id, resources.get(component.id) ?? '') : []),
    ]),
  }));
}

type PortsOf = (port: PlannedPort) => { readonly first: number; readonly last: number } | undefined;

const targets: PortsOf = ({ target, targetEnd }) => ({ first: target, last: targetEnd ?? target });

const published: PortsOf = ({ published: first, target, targetEnd }) =>
  first === undefined ? undefined : { first, last: first + (targetEnd ?? target) - target };

function listeners(component: PlannedComponent, portsOf: PortsOf): readonly Listener[] {
  const { role, id, ports } = component;
  return ports.flatMap((port, index) => {
    const range = portsOf(port);
    if (!range) return [];
    const usual = port.name === 'services' ? 10_000 : defaultPorts[role];
    const isMain = index === 0 || port.name === 'services';
    const moved = isMain && component.ordinal === 1 && range.first !== usual;
    return [{ ...range, what: `${id} (${port.name})`, path: ['ports', keyOf(role, port)], moved }];
  });
}

const keyOf = (role: Role, { name }: PlannedPort) => (name === 'services' ? 'services' : role);

/** What HAProxy listens on in Marathon-LB, beside the ports of the plan. */
const haproxyPorts = [
  { port: 80, name: 'http' },
  { port: 443, name: 'https' },
  { port: 9091, name: 'app names over https' },
] as const;

/** Everything that a component listens on where it runs. */
function inside(component: PlannedComponent): readonly Listener[] {
  const fixed = component.role === 'marathon-lb' ? haproxyPorts : [];
  return [
    ...listeners(component, targets),
    ...fixed.map(({ port, name }) => ({
      first: port,
      last: port,
      what: `${component.id} (${name})`,
      path: ['ports', 'marathon-lb'],
      moved: false,
    })),
  ];
}

/** What Mesos gives to tasks unless resources say otherwise. */
const taskPorts = { first: 31_000, last: 32_000 };

function tasks(agent: string, given: string): readonly Listener[] {
  const parsed = given === '' ? undefined : parseResources(given);
  const ports = parsed?.kind === 'resources' ? parsed.resources.filter(({ name }) => name === 'ports') : [];
  const ranges = ports.flatMap(({ value }) => (!isFault(value) && value.kind === 'ranges' ? value.ranges : []));
  return (ranges.length > 0 ? ranges : [taskPorts]).map((range) => ({
    ...range,
    what: `the tasks of ${agent}`,
    path: ['mesos', 'agent', 'resources'],
    moved: false,
  }));
}
