import { Pair, type Node } from 'yaml';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { imageParts, roles } from '../catalogue/roles.ts';
import { frontPorts } from '../components/marathon-lb.ts';
import { yamlList, yamlMap, yamlNode, yamlText } from './write-yaml.ts';

/** Where a lab keeps the schema, relative to its mesos-cluster.yaml; the language server of editors reads this. */
export const schemaComment = '# yaml-language-server: $schema=.mesos-cluster/spec.schema.json';

const heading = `${schemaComment}
#
# What this lab is: the only file to edit. Everything else is generated from it.
# After a change, run: npm run generate

`;

const everything = [
  'name',
  'preset',
  'placement',
  'counts',
  'simulatedAgents',
  'nodes',
  'addons',
  'images',
  'agentDocker',
  'taskNetwork',
  'cleaner',
  'bind',
  'ports',
  'mesos',
  'marathon',
  'timing',
  'autoscale',
  'registry',
  'registryMirror',
  'proxy',
  'vagrant',
  'adopted',
  'nativeConfig',
] as const satisfies readonly (keyof ClusterSpec)[];

/** Keys of each map in the order of the schema, which is not loaded here; `*` is any index or key. */
const keyOrder: Readonly<Record<string, readonly string[]>> = {
  '': everything,
  counts: ['zookeepers', 'masters', 'agents', 'marathons', 'loadBalancers'],
  simulatedAgents: ['count', 'resources', 'attributes', 'racks', 'zones', 'tasks'],
  'simulatedAgents.tasks': ['startDelay', 'endAfter', 'crashRate', 'crashAfter'],
  'nodes.*': ['name', 'address', 'roles', 'zookeeperId', 'attributes', 'resources', 'docker'],
  images: ['set', 'overrides', 'build'],
  'images.overrides': imageParts,
  'images.build': ['base', 'dockerCli'],
  'images.overrides.*': ['image', 'platform', 'command', 'probe'],
  cleaner: ['enabled', 'containers', 'age', 'danglingImagesMb'],
  ports: [...roles, 'services', ...frontPorts.map(({ name }) => name)],
  mesos: ['cluster', 'quorum', 'zkPath', 'workDir', 'master', 'agent'],
  'mesos.agent': ['flags', 'attributes', 'resources', 'dockerConfig'],
  marathon: ['zkPath', 'flags'],
  autoscale: ['prometheus', 'agents'],
  'autoscale.agents': ['min', 'max', 'cooldown'],
  registry: ['limitMb'],
  proxy: ['http', 'https', 'noProxy'],
  adopted: ['masters', 'agents', 'marathons', 'loadBalancer', 'zookeeper'],
  vagrant: ['provider', 'box', 'cpus', 'memoryMb'],
};

/** Lists of words stay on one line up to this width. */
const widestLine = 100;

/**
 * The mesos-cluster.yaml of a spec that was made from questions and flags: a comment for editors and one for people,
 * then the keys in the order of the schema. load-spec.ts reads the same spec back.
 */
export function specText(spec: ClusterSpec): string {
  return heading + yamlText(specNode(spec, ''));
}

function specNode(value: unknown, path: string): Node {
  if (Array.isArray(value))
    return yamlList(
      value.map((item) => specNode(item, `${path}.*`)),
      fitsOneLine(value),
    );
  if (typeof value !== 'object' || value === null) return yamlNode(value);
  return yamlMap(
    orderedEntries(value, path).map(([key, inner]) => new Pair(yamlNode(key), specNode(inner, childPath(path, key)))),
  );
}

const fitsOneLine = (items: readonly unknown[]): boolean =>
  items.every((item) => typeof item !== 'object') && items.join(', ').length <= widestLine;

const childPath = (path: string, key: string) => {
  if (path === '') return key;
  return path === 'images.overrides' ? 'images.overrides.*' : `${path}.${key}`;
};

/** Known keys in their order, then those of maps whose names are free; keys without a value are left out. */
function orderedEntries(map: object, path: string): readonly (readonly [string, unknown])[] {
  const order = keyOrder[path];
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  if (!order) return entries;
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return entries.toSorted(([a], [b]) => rank(a) - rank(b));
}
