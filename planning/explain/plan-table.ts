import { hostsLine } from '../catalogue/hosts-line.ts';
import type { Plan, PlannedComponent, PlannedPort } from '../plan/plan.ts';
import { addonPages, clusterPages, type RolePages } from '../catalogue/pages.ts';
import { portRange } from '../plan/plan-ports.ts';
import { simulationText } from '../plan/plan-simulated-agents.ts';

/** Columns as wide as their widest cell; the last one is not padded. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title) => title.length);
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map((row) => `  ${line(row)}\n`).join('');
}

function portText(port: PlannedPort): string {
  const { name, target, published } = port;
  return published === undefined || published === target
    ? `${name} ${portRange(port, target)}`
    : `${name} ${portRange(port, published)} -> ${portRange(port, target)}`;
}

/** The URL has the first of them, as it is published. */
const lastServicePort = ({ servicePorts: { first, last } }: Plan, url: string): number =>
  Number(new URL(url).port) + last - first;

const pageRows = ({ short, urls }: RolePages) => urls.map((url) => [short.toLowerCase(), url]);

const imageText = ({ image }: PlannedComponent) =>
  image.platform === undefined ? image.reference : `${image.reference} (${image.platform})`;

/** The plan as a person reads it: nodes and roles, ZooKeeper, images, URLs. Ends with a newline. */
export function planTable(plan: Plan): string {
  const components = plan.nodes.flatMap((node) => node.components.map((component) => ({ node, component })));
  const onHosts = plan.placement === 'machines';
  const nodes = table(
    [
      'NODE',
      ...(onHosts ? ['ADDRESS'] : []),
      'ROLE',
      onHosts ? 'PORTS' : `PORTS (${plan.bind} -> container)`,
      'MEMORY',
    ],
    components.map(({ node, component }) => [
      node.name,
      ...(onHosts ? [node.address ?? ''] : []),
      component.role,
      component.ports
        .filter(({ published }) => onHosts || published !== undefined)
        .map(portText)
        .join(', '),
      component.memoryMb === undefined ? 'no limit' : `${component.memoryMb} MB`,
    ]),
  );
  const images = new Map(components.map(({ component }) => [component.role, imageText(component)] as const));
  const dind = plan.agentDocker === 'dind' && plan.agents.length > 0;
  const urls: readonly (readonly string[])[] = [
    ...clusterPages(plan).flatMap(pageRows),
    ...plan.urls.services.map((url) => ['service ports', `${url} to :${lastServicePort(plan, url)}`]),
    ...addonPages(plan).flatMap(pageRows),
  ];
  const hosts = hostsLine(plan);
  const facts: readonly (readonly string[])[] = [
    ['preset', plan.preset],
    ['placement', plan.placement],
    ['image set', plan.imageSet],
    ['timing', plan.timing],
    ['agents use', plan.agentDocker === 'dind' ? 'a Docker Engine of their own each' : "their machine's Docker Engine"],
    ...(plan.simulatedAgents === undefined
      ? []
      : [['simulated', `${simulationText(plan.simulatedAgents)}, embedded runtime alone`]]),
    ['quorum', `${plan.quorum} of ${plan.masterCount}`],
    ['mesos', plan.urls.mesosZk],
    ['marathon', plan.urls.marathonZk],
  ];
  return [
    `Lab ${plan.name}\n${table(['', ''], facts).split('\n').slice(1).join('\n')}`,
    `Nodes\n${nodes}`,
    `ZooKeeper\n${table(
      ['ID', 'NODE', 'SERVER LINE'],
      plan.zookeepers.map(({ id, node, serverLine }) => [String(id), node, serverLine]),
    )}`,
    `Agents\n${table(
      ['AGENT', 'RESOURCES', 'ATTRIBUTES'],
      plan.agents.map(({ id, resources, attributes }) => [
        id,
        resources === '' ? 'all of the machine' : resources,
        attributes,
      ]),
    )}`,
    `Images\n${table(
      ['ROLE', 'IMAGE'],
      [...images, ...(dind ? [['docker engine', plan.engine.image.reference] as const] : [])],
    )}`,
    `URLs\n${table(['', ''], urls).split('\n').slice(1).join('\n')}`,
    ...(hosts === undefined ? [] : [`For the page of Mesos, in /etc/hosts\n  ${hosts.line}\n`]),
  ].join('\n');
}
