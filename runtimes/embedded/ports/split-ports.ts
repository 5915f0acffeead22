/** Mesos's own default (agent flag `resources`). */
const mesosPorts = '31000-32000';
const portsItem = /^\s*ports\s*(?:\([^)]*\))?\s*:\s*\[([^\]]*)\]\s*$/;

/**
 * Gives agents that would offer the same ports a part of them each. All agents of one process share its machine.
 * @param resources of each agent, in Mesos's text form; JSON is left as it is
 * @param defaultPorts of those that name none
 * @param parts at least so many are made of ports that are shared: for agents that may come later
 */
export function splitPorts(resources: readonly string[], defaultPorts = mesosPorts, parts = 1): readonly string[] {
  const ranges = resources.map((text) => portsOf(text, defaultPorts));
  return resources.map((text, index) => {
    const own = ranges[index];
    if (own === undefined) return text;
    const sharers = ranges.flatMap((other, position) => (other === own ? [position] : []));
    const part = partOf(own, sharers.indexOf(index), Math.max(parts, sharers.length));
    const others = text.split(';').filter((item) => item.trim() !== '' && !portsItem.test(item));
    return [...others, `ports:[${part}]`].join(';');
  });
}

/** `31000-32000,33000-33100`, without spaces; undefined for JSON. */
function portsOf(resources: string, defaultPorts: string): string | undefined {
  if (/^\s*[[{]/.test(resources)) return undefined;
  const item = resources.split(';').find((candidate) => portsItem.test(candidate));
  return item === undefined ? defaultPorts : (portsItem.exec(item)?.[1] ?? '').replaceAll(/\s/g, '');
}

/** The n-th of so many parts of some ranges: of each range a part. */
function partOf(ranges: string, index: number, count: number): string {
  if (count === 1) return ranges;
  return ranges
    .split(',')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      const size = Math.floor((last - first + 1) / count);
      const begin = first + index * size;
      // The last one also has what is left over.
      const end = index === count - 1 ? last : begin + size - 1;
      return end < begin ? [] : [`${begin}-${end}`];
    })
    .join(',');
}
