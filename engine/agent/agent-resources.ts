import type { MachineFacts } from '../../platform/files/sandboxes.ts';
import type { Resource } from '../../protocol/mesos.ts';
import { parseResources } from '../../protocol/parse-resources.ts';
import { itemsOf } from '../../protocol/parse-value.ts';

const megabyte = 1024 * 1024;

/** What Mesos leaves to the system: all but a reserve, or half where that is more (src/slave/containerizer/containerizer.cpp). */
const allBut = (bytes: number, reserveMb: number) => {
  const total = Math.floor(bytes / megabyte);
  return total > 2 * reserveMb ? total - reserveMb : Math.floor(total / 2);
};

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value }, role: '*' });

/**
 * The resources of an agent: those of the text, and of cpus, mem, disk and ports, where they are missing, the machine's.
 * @throws Error when the text does not parse
 */
export function agentResources(text: string, machine: MachineFacts): readonly Resource[] {
  const given = itemsOf(parseResources(text));
  const defaults: readonly Resource[] = [
    scalar('cpus', machine.cpus),
    scalar('mem', allBut(machine.memoryTotalBytes, 1024)),
    scalar('disk', allBut(machine.diskTotalBytes, 5 * 1024)),
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] }, role: '*' },
  ];
  return [...given, ...defaults.filter(({ name }) => !given.some((resource) => resource.name === name))];
}
