import * as fc from 'fast-check';
import type { ClusterSpec, NodeSpec } from '../../planning/shape/cluster-spec.ts';
import { probesOf } from '../../planning/catalogue/probes.ts';
import {
  addons,
  imageParts,
  imageSetNames,
  presetNames,
  roles,
  vagrantProviders,
  type ImagePart,
} from '../../planning/catalogue/roles.ts';
import { anyCharacter } from '../support/any-character.ts';

/** Text that YAML readers could take for something else, and text that no quoting should lose. */
const trickyText = fc.constantFrom(
  ...['yes', 'No', 'on', 'off', 'y', 'null', '~', '', ' ', 'true', '1', '1.0', '0x1f', '1e3', '.inf', '22:22', '1_000'],
  ...[
    '2026-11-20',
    '2026-11-20 10:00:00',
    '-',
    '- a',
    '? a',
    ': a',
    'a: b',
    'a #b',
    '#a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
  ],
  ...[
    '@a',
    '`a`',
    '"a"',
    "'a'",
    '{a}',
    '[a]',
    'a,b',
    '<<',
    '=',
    '---',
    '...',
    ' a',
    'a ',
    'a\tb',
    '\u2028',
    '\u0085',
    '\ufeff',
  ],
  ...[
    '#{`id`}',
    '$(id)',
    '${HOME}',
    '😀',
    'ünï',
    'a\nb',
    'a\\b',
    '\u007f',
    '192.168.56.11',
    'zk://a:2181,b:2181/mesos',
  ],
);
const text = fc.oneof(trickyText, fc.string({ unit: anyCharacter, maxLength: 20 }), fc.string({ maxLength: 20 }));
const key = text.filter((name) => name !== '__proto__');
const int = fc.integer({ min: -5, max: 70_000 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const partial = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });
const flags = fc.dictionary(key, fc.oneof(text, number, fc.boolean()), { maxKeys: 4, noNullPrototype: true });
const attributes = fc.oneof(text, fc.dictionary(key, fc.oneof(text, number), { maxKeys: 4, noNullPrototype: true }));

const node = fc.record(
  {
    name: text,
    roles: fc.array(fc.constantFrom(...roles), { maxLength: 8 }),
    address: text,
    zookeeperId: int,
    attributes,
    resources: text,
    docker: text,
  },
  { requiredKeys: ['name', 'roles'] },
) as fc.Arbitrary<NodeSpec>;

const override = (part: ImagePart) =>
  partial({
    image: text,
    platform: text,
    command: fc.array(text, { maxLength: 3 }),
    ...(probesOf(part).length === 0 ? {} : { probe: fc.constantFrom(...probesOf(part)) }),
  });

/** Any spec that has the right shape, most of them without any sense. */
export const shapedSpec = fc.record(
  {
    name: text,
    preset: fc.constantFrom(...presetNames),
    runtime: fc.constantFrom('docker', 'hosts'),
    counts: partial({ zookeepers: int, masters: int, agents: int, marathons: int, loadBalancers: int }).map(
      smallCounts,
    ),
    nodes: fc.array(node, { maxLength: 4 }),
    addons: fc.array(fc.constantFrom(...addons), { maxLength: 4 }),
    images: partial({
      set: fc.constantFrom(...imageSetNames),
      overrides: partial(Object.fromEntries(imageParts.map((part) => [part, override(part)]))),
    }),
    agentDocker: fc.constantFrom('dind', 'socket'),
    bind: text,
    ports: partial({ ...Object.fromEntries(roles.map((role) => [role, int])), services: text }),
    mesos: partial({
      cluster: text,
      quorum: int,
      zkPath: text,
      workDir: text,
      master: partial({ flags }),
      agent: partial({ flags, attributes, resources: text, dockerConfig: text }),
    }),
    marathon: partial({ zkPath: text, flags }),
    timing: fc.constantFrom('standard', 'fast'),
    registryMirror: text,
    proxy: partial({ http: text, https: text, noProxy: fc.array(text, { maxLength: 3 }) }),
    vagrant: partial({ provider: fc.constantFrom(...vagrantProviders), box: text, cpus: int, memoryMb: int }),
    nativeConfig: fc.boolean(),
  },
  { requiredKeys: ['name'] },
) as fc.Arbitrary<ClusterSpec>;

/** Large counts make large labs, which say nothing more. */
function smallCounts(counts: NonNullable<ClusterSpec['counts']>): NonNullable<ClusterSpec['counts']> {
  return Object.fromEntries(Object.entries(counts).map(([role, count]) => [role, Math.min(12, count ?? 0)]));
}
