import type { Plan, PlannedNode } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { componentFiles } from './native-components.ts';
import type { EtcFile } from './native-etc.ts';
import { nativeInstall, nodeConf } from './native-install.ts';
import { nativeReadme } from './native-readme.ts';

const central: readonly Role[] = ['zookeeper', 'mesos-master', 'marathon', 'chronos'];
const ofMesos: readonly Role[] = ['mesos-master', 'mesos-agent'];

const hasOneOf = (node: PlannedNode, wanted: readonly Role[]): boolean =>
  node.roles.some((role) => wanted.includes(role));

const hostsLines = (nodes: readonly PlannedNode[]): string =>
  nodes.map(({ name, address }) => (address === undefined ? '' : `${address} ${name}\n`)).join('');

/**
 * Lines for /etc/hosts, by node. Central nodes know every node; the others know the central ones and themselves, so
 * that the files of ten thousand agents stay small.
 */
function planHosts(nodes: readonly PlannedNode[]): (node: PlannedNode) => readonly EtcFile[] {
  const all = hostsLines(nodes);
  const ofCentral = hostsLines(nodes.filter((node) => hasOneOf(node, central)));
  return (node) => {
    const lines = hasOneOf(node, central) ? all : `${ofCentral}${hostsLines([node])}`;
    const advice = `# install.sh puts these lines into /etc/hosts of ${node.name}, in a block of their own; they are not all of that file.\n`;
    return lines === '' ? [] : [{ path: 'hosts', content: `${headerComment}${advice}${lines}` }];
  };
}

/**
 * Configuration for installations from packages (reference systems C and D): native/NODE/etc/…, which native/install.sh
 * puts in place on each machine, and native/README.md, which says how.
 * @throws {Error} for a name or a value that would leave its folder or its line: a bug, the spec checks refuse them
 */
export function nativeConfig(plan: Plan): readonly GeneratedFile[] {
  const hosts = planHosts(plan.nodes);
  const files = plan.nodes.flatMap((node): readonly GeneratedFile[] => {
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(node.name)) throw new Error(`not the name of a folder: ${node.name}`);
    const etc: readonly EtcFile[] = [
      ...hosts(node),
      ...(hasOneOf(node, ofMesos) ? [{ path: 'mesos/zk', content: `${plan.urls.mesosZk}\n` }] : []),
      ...node.components.flatMap((component) => componentFiles(plan, component)),
    ];
    const placed = etc.map(({ path, content }) => ({ path: `native/${node.name}/etc/${path}`, content }));
    return [...placed, nodeConf(node)];
  });
  return [...files, nativeInstall(), { path: 'native/README.md', content: nativeReadme(plan) }];
}
