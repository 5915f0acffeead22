import type { ClusterSpec } from './cluster-spec.ts';
import type { ResolvedNode, ResolvedSpec } from './resolve-spec.ts';

/** Mesos offers these ports unless told otherwise (agent flag `resources`). */
const taskPorts = { first: 31_000, last: 32_000 };

/** What an agent on a shared machine offers: enough for the example apps on a laptop, said openly. */
const sharedMachine = { cpus: 2, memMb: 1024, diskMb: 5120 };

type Attributes = NonNullable<NonNullable<NonNullable<ClusterSpec['mesos']>['agent']>['attributes']>;

/** Attributes in Mesos's form, `rack:abc;zone:west`. */
export function attributesText(attributes: Attributes | undefined): string {
  if (attributes === undefined || typeof attributes === 'string') return attributes ?? '';
  return Object.entries(attributes)
    .map(([name, value]) => `${name}:${value}`)
    .join(';');
}

/** Each of several agents on one Engine gets a part of the ports of its own. */
function portsOfShare(index: number, agents: number): string {
  const size = Math.max(1, Math.floor((taskPorts.last - taskPorts.first) / agents));
  const first = taskPorts.first + index * size;
  return `ports:[${first}-${first + size - 1}]`;
}

/** Mesos takes resources in JSON too; those stay as they are. */
const isJson = (resources: string): boolean => /^\s*[[{]/.test(resources);

/**
 * The resources an agent offers, in Mesos's form; empty when Mesos finds out itself. On one host every agent would
 * offer the whole machine, so the plan says what each one has; on a machine of its own Mesos knows best.
 */
export function resourcesText(
  resolved: ResolvedSpec,
  node: ResolvedNode,
  common: string | undefined,
  index: number,
  agents: number,
): string {
  const given = node.resources ?? common;
  if (resolved.runtime === 'hosts') return given ?? '';
  const shared = resolved.agentDocker === 'socket';
  const ports = shared ? portsOfShare(index, agents) : `ports:[${taskPorts.first}-${taskPorts.last}]`;
  if (given === undefined) {
    return `cpus:${sharedMachine.cpus};mem:${sharedMachine.memMb};disk:${sharedMachine.diskMb};${ports}`;
  }
  return shared && !isJson(given) && !/(?:^|;)\s*ports\b/.test(given) ? `${given};${ports}` : given;
}

/** `mem` of resources in JSON, `[{"name": "mem", "scalar": {"value": 1024}}]`; undefined when there is none. */
function memoryOfJson(resources: string): number | undefined {
  const parsed: unknown = JSON.parse(resources);
  const items: readonly { name?: unknown; scalar?: { value?: unknown } }[] = Array.isArray(parsed) ? parsed : [];
  const value = items.find(({ name }) => name === 'mem')?.scalar?.value;
  return typeof value === 'number' ? value : undefined;
}

/** The memory that resources name, in MB; undefined when they name none and Mesos offers what it finds. */
export function offeredMemoryMb(resources: string): number | undefined {
  if (isJson(resources)) return memoryOfJson(resources);
  const mem = /(?:^|;)\s*mem\s*(?:\([^)]*\))?\s*:\s*(\d+)/.exec(resources)?.[1];
  return mem === undefined ? undefined : Number(mem);
}
