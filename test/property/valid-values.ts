import fc from 'fast-check';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import type { ImagePart, ImageSetName } from '../../planning/catalogue/roles.ts';
import { probesOf } from '../../planning/catalogue/probes.ts';

/** Text on one line, of characters that can be printed; a good part of it means something to some program. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\p{Surrogate}]/u;
const nasty = [
  ...[
    "Bob's",
    '"quoted"',
    '$(reboot)',
    '${HOME}',
    '$$',
    '$',
    '`id`',
    '#{exit}',
    '<%= 1 %>',
    '\\',
    '\\n',
    '*',
    '&a',
    '!t',
  ],
  ...[
    '- a',
    'a: b',
    '# c',
    ' x ',
    '{}',
    '[]',
    '|',
    '>',
    '%',
    '@',
    'true',
    'null',
    '1',
    '0x1',
    '🚀',
    'é',
    '</b>',
    '~',
    '=',
  ],
];

/** Any text that a spec may hold where no more is said about it; 1 to 60 characters. */
export const text = fc
  .array(fc.oneof({ arbitrary: fc.constantFrom(...nasty), weight: 3 }, fc.string({ unit: 'grapheme', maxLength: 8 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('').slice(0, 60))
  .filter((value) => value.trim() !== '' && !unprintable.test(value));

const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/);
const attributeText = text.map((value) => `v${value.replace(/[;[\]{}()]/g, '')}`);

/** Attributes as a map, or as Mesos writes them. */
export const attributes = fc.oneof(
  fc.constantFrom('rack:abc;zone:west', 'level:10;keys:[1000-1500]', 'os:centos5'),
  fc.dictionary(word, fc.oneof(attributeText, fc.nat()), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
);

/** Resources; ports, where they are given, are those that no service of a generated spec has. */
export const resources = fc
  .tuple(
    fc.integer({ min: 1, max: 64 }),
    fc.integer({ min: 32, max: 65_536 }),
    fc.constantFrom('', ';disk:1024', ';ports:[31000-31999]', ';ports:[33000-33100,34000-34100]', ';gpus:1'),
  )
  .map(([cpus, mem, rest]) => `cpus:${String(cpus)};mem:${String(mem)}${rest}`);

const override = (part: ImagePart) =>
  fc.record(
    {
      image: fc.constantFrom('busybox', 'host.example:5000/a/b:c', `alpine@sha256:${'0123456789abcdef'.repeat(4)}`),
      platform: fc.constantFrom('linux/amd64', 'linux/arm64/v8'),
      command: fc.array(text, { minLength: 1, maxLength: 3 }),
      ...(probesOf(part).length === 0 ? {} : { probe: fc.constantFrom(...probesOf(part)) }),
    },
    { requiredKeys: [] },
  );

/** An image set, with some images replaced. */
export function images(
  sets: readonly ImageSetName[],
  parts: readonly ImagePart[],
): fc.Arbitrary<ClusterSpec['images']> {
  return fc.record(
    {
      set: fc.constantFrom(...sets),
      overrides: fc.record(Object.fromEntries(parts.map((part) => [part, override(part)])), { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
}
