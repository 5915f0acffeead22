/**
 * Words that other tools, and older Mesos, use for the same thing; which of the meanings fits depends on where the word
 * stands. A Map, because words come from the user: `constructor` is not one of ours.
 */
const foreignWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['ip', ['address']],
  ['host', ['address']],
  ['hostname', ['name']],
  ['cluster', ['name']],
  ['role', ['roles']],
  ['id', ['zookeeperId']],
  ['myid', ['zookeeperId']],
  ['memory', ['memoryMb']],
  ['master', ['masters', 'mesos-master']],
  ['slave', ['agents', 'mesos-agent', 'agent']],
  ['slaves', ['agents']],
  ['agent', ['agents', 'mesos-agent']],
  ['mesos-slave', ['mesos-agent', 'agents']],
  ['zk', ['zookeeper', 'zookeepers']],
  ['lb', ['marathon-lb', 'loadBalancers']],
  ['haproxy', ['marathon-lb', 'loadBalancers']],
  ['dns', ['mesos-dns']],
]);

/** The word of ours that a foreign one stands for, if it is allowed here. */
export function translated(word: string, allowed: readonly string[]): string | undefined {
  const meanings = foreignWords.get(word.toLowerCase());
  return meanings?.find((meaning) => allowed.includes(meaning));
}

/** The plural of a key that counts: `master: 3` means `counts.masters`. */
export function countKeyOf(word: string, countKeys: readonly string[]): string | undefined {
  const folded = word.toLowerCase().replace(/[-_]|mesos/g, '');
  return translated(folded, countKeys) ?? countKeys.find((key) => [folded, `${folded}s`].includes(key.toLowerCase()));
}
