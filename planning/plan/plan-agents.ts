import type { Range } from '../../protocol/mesos.ts';
import { isJsonForm, parseResources, type ParsedResource } from '../../protocol/parse-resources.ts';
import { isFault, readableItems } from '../../protocol/parse-value.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { ResolvedNode, ResolvedSpec } from './resolve-spec.ts';

/** Mesos offers these ports unless told otherwise (agent flag `resources`). */
const taskPorts = { first: 31_000, last: 32_000 };

/** What an agent on a shared machine offers: enough for the example apps on a laptop, said openly. */
const sharedMachine = { cpus: 2, memMb: 1024, diskMb: 5120 };
const sharedAmounts = `cpus:${sharedMachine.cpus};mem:${sharedMachine.memMb};disk:${sharedMachine.diskMb};`;

type Attributes = NonNullable<NonNullable<NonNullable<ClusterSpec['mesos']>['agent']>['attributes']>;

/** Attributes in Mesos's form, `rack:abc;zone:west`. */
export function attributesText(attributes: Attributes | undefined): string {
  if (attributes === undefined || typeof attributes === 'string') return attributes ?? '';
  return Object.entries(attributes)
    .map(([name, value]) => `${name}:${value}`)
    .join(';');
}

/** Ports of each agent on a shared Engine, and how many agents have such a part of the ports that Mesos gives. */
const sharePorts = 50;
export const mostShares = Math.floor((taskPorts.last - taskPorts.first) / sharePorts);

/**
 * Each of several agents on one Engine gets a part of the ports of its own, the same however many there are: Mesos
 * refuses to recover an agent whose resources are others than before, and `scale agents` must not end those that stay.
 */
function portsOfShare(index: number): string {
  const first = taskPorts.first + index * sharePorts;
  return `ports:[${first}-${first + sharePorts - 1}]`;
}

/**
 * The resources an agent offers, in Mesos's form; empty when Mesos finds out itself. On one host every agent would
 * offer the whole machine, so the plan says what each one has; on a machine of its own Mesos knows best.
 */
export function resourcesText(
  resolved: ResolvedSpec,
  node: ResolvedNode,
  common: string | undefined,
  index: number,
): string {
  const given = node.resources ?? common;
  if (resolved.placement === 'machines') return given ?? '';
  const shared = resolved.agentDocker === 'socket';
  const ports = shared ? portsOfShare(index) : `ports:[${taskPorts.first}-${taskPorts.last}]`;
  if (given === undefined) {
    return `${sharedAmounts}${ports}`;
  }
  return shared && !saysPorts(given) ? `${given};${ports}` : given;
}

/** Whether resources say which ports there are: then the plan adds none; JSON stays as it is. */
export const saysPorts = (resources: string): boolean => isJsonForm(resources) || /(?:^|;)\s*ports\b/.test(resources);

/** The memory that resources name, in MB; undefined when they name none and Mesos offers what it finds. */
export function offeredMemoryMb(resources: string): number | undefined {
  // What the plan says itself is not parsed: it is there at every start of the program.
  const isOurs = resources.startsWith(`${sharedAmounts}ports:`) && !resources.includes(';', sharedAmounts.length);
  if (isOurs) return sharedMachine.memMb;
  // Mesos adds what is named twice, such as for two roles.
  const amounts = resourcesIn(resources).flatMap((each) =>
    each.name === 'mem' && each.type === 'SCALAR' ? [each.scalar.value] : [],
  );
  return amounts.length === 0 ? undefined : Math.ceil(amounts.reduce((sum, amount) => sum + amount, 0));
}

/** The ports that resources name, for one role or for all. */
export const taskPortsIn = (resources: string, ofRole?: string): readonly Range[] =>
  resourcesIn(resources).flatMap((each) =>
    each.name === 'ports' && each.type === 'RANGES' && (ofRole ?? each.role) === each.role ? each.ranges.range : [],
  );

/** None if any of them cannot be read: then nothing is known of an agent. */
function resourcesIn(text: string): readonly ParsedResource[] {
  const parts = parseResources(text);
  return parts.some(({ result }) => isFault(result)) ? [] : readableItems(parts);
}
