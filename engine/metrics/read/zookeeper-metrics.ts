import { metricName, type Family, type Labels, type Measure } from '../../../protocol/exposition.ts';

/** Of what `mntr` says: what only grows (zookeeperAdmin, mntr; ServerStats.java). */
const counters: ReadonlySet<string> = new Set(['packets_received', 'packets_sent', 'fsync_threshold_exceed_count']);

/** These are texts: each is a label of a metric that is 1. */
const texts: Readonly<Record<string, readonly [name: string, label: string]>> = {
  server_state: ['server_state', 'state'],
  version: ['build_info', 'version'],
};

/**
 * What ZooKeeper answers to the four-letter word `mntr`: `zk_NAME<tab>VALUE` in each line.
 * @param zookeeper the label that says whose they are: `zookeeper1:2181`
 */
export const zookeeperMeasures = (answer: string, zookeeper: string): readonly Measure[] =>
  answer.split('\n').flatMap((line): readonly Measure[] => {
    const [, name, value = ''] = /^zk_([^\t{]+)\t(.+?)\s*$/.exec(line) ?? [];
    if (name === undefined) return [];
    const help = `zk_${name} of ZooKeeper's mntr.`;
    const one = (own: string, kind: Family['kind'], number: number, labels: Labels = {}) => [
      { family: { name: `zookeeper_${own}`, kind, help }, labels: { zookeeper, ...labels }, value: number },
    ];
    const text = texts[name];
    if (text !== undefined) return one(text[0], 'gauge', 1, { [text[1]]: value.replace(/,.*/, '') });
    const number = Number(value);
    if (Number.isNaN(number)) return [];
    if (counters.has(name)) return one(`${name.replace(/_count$/, '')}_total`, 'counter', number);
    if (/latency$/.test(name)) return one(`${name}_seconds`, 'gauge', number / 1000);
    // In milliseconds (ServerStats.getUptime).
    if (name === 'uptime') return one('uptime_seconds', 'gauge', number / 1000);
    if (/_ms$/.test(name)) return one(name.replace(/_ms$/, '_seconds'), 'gauge', number / 1000);
    const plain = metricName(name)
      .replace(/(.)_count$/, plural)
      .replace(/_(?:total|sum)$/, '');
    return one(/_size$/.test(name) && name.includes('data') ? `${plain}_bytes` : plain, 'gauge', number);
  });

/** `znode_count` is how many znodes there are: `_count` is for summaries. */
const plural = (_: string, last: string) => (last === 's' ? last : `${last}${last === 'h' ? 'es' : 's'}`);
