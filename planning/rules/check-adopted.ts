import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { ResolvedSpec } from '../plan/resolve-spec.ts';
import type { Role } from '../catalogue/roles.ts';
import { showText } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem } from './rule.ts';

/** Settings that say what we would make; of a cluster that is there already they change nothing. */
const idle = [
  'preset',
  'counts',
  'addons',
  'agentDocker',
  'taskNetwork',
  'cleaner',
  'bind',
  'timing',
  'autoscale',
  'registry',
  'registryMirror',
  'proxy',
  'vagrant',
  'nativeConfig',
] as const satisfies readonly (keyof ClusterSpec)[];

const lists = [
  { key: 'masters', role: 'mesos-master' },
  { key: 'agents', role: 'mesos-agent' },
  { key: 'marathons', role: 'marathon' },
] as const satisfies readonly { key: string; role: Role }[];

/** An http(s) URL of a host and a port, and nothing behind it. */
export function isBaseUrl(text: string): boolean {
  const [, host = '', port = '1'] =
    /^https?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?$/.exec(text) ?? [];
  return host !== '' && Number(port) >= 1 && Number(port) <= 65_535 && URL.canParse(text);
}

/** A cluster that somebody else runs: its URLs, and nothing that would make one. */
export function checkAdopted(spec: ClusterSpec, { placement, nodes }: ResolvedSpec): readonly SpecProblem[] {
  const { adopted } = spec;
  if (adopted === undefined) return [];
  return [
    ...idle.filter((key) => spec[key] !== undefined).map((key) => needless(key)),
    ...(placement === 'machines' && spec.nodes !== undefined ? [] : [withoutNodes()]),
    ...lists.flatMap(({ key, role }) => {
      const urls = adopted[key] ?? [];
      const count = nodes.filter(({ roles }) => roles.includes(role)).length;
      return [
        ...urls.flatMap((url, index) => urlProblems(url, ['adopted', key, index])),
        ...(urls.length === count ? [] : [otherNumber(key, role, urls.length, count)]),
      ];
    }),
    ...(adopted.loadBalancer === undefined ? [] : urlProblems(adopted.loadBalancer, ['adopted', 'loadBalancer'])),
    ...(adopted.masters.length > 0 ? [] : [noMaster()]),
  ];
}

function urlProblems(url: string, path: SpecPath): readonly SpecProblem[] {
  if (isBaseUrl(url)) return [];
  return [
    problem('SPEC_VALUE', path, 'This is not the URL of a part of a cluster', {
      found: showText(url),
      allowed: 'http or https, a host, and a port, such as http://10.0.0.2:5050',
      fix: 'Write where this machine reaches it, without a path',
    }),
  ];
}

const needless = (key: string) =>
  problem('SPEC_COMBINATION', [key], `${key} does nothing: this cluster was adopted, and runs already`, {
    at: 'key',
    found: key,
    allowed: 'a description of what is there',
    fix: `Remove ${key}; or remove adopted, and the lab makes a cluster like this one`,
  });

const withoutNodes = () =>
  problem('SPEC_COMBINATION', ['adopted'], 'An adopted cluster needs placement machines and its nodes', {
    at: 'key',
    found: 'adopted',
    allowed: 'placement: machines, and nodes',
    fix: 'Write it anew: create-mesos-cluster adopt URL',
  });

const otherNumber = (key: string, role: Role, urls: number, count: number) =>
  problem('SPEC_COMBINATION', ['adopted', key], `adopted.${key} and the nodes with the role ${role} differ in number`, {
    found: `${String(urls)} URLs, ${String(count)} nodes`,
    allowed: 'a URL for each such node, in their order',
    fix: 'Add what is missing, or write it anew: create-mesos-cluster adopt URL',
  });

const noMaster = () =>
  problem('SPEC_ROLES', ['adopted', 'masters'], 'An adopted cluster has no master', {
    found: 'an empty list',
    allowed: 'at least one URL',
    fix: 'Write the URL of a Mesos master',
  });
