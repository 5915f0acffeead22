import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../../planning/spec-text/load-spec.ts';
import { placeOf, problemsOf, withoutMarks } from './marked-spec.ts';

const load = (text: string) => loadSpec(new TextEncoder().encode(text), 'mesos-cluster.yaml');

/** Text with ▶ before each mistake, the code of all of them, and a part of the first one's fix. */
const mistakes: readonly (readonly [string, string, string, string])[] = [
  ['an unknown key', 'name: lab\n▶presett: ha', 'SPEC_UNKNOWN_KEY', 'Did you mean preset?'],
  ['a key of another level', 'name: lab\n▶masters: 3', 'SPEC_UNKNOWN_KEY', 'counts.masters'],
  ['a key of an older Mesos', 'name: lab\ncounts: {▶slaves: 3}', 'SPEC_UNKNOWN_KEY', 'Did you mean agents?'],
  [
    'an unknown key of a node',
    'name: lab\nnodes:\n  - name: a\n    ▶adress: b\n    roles: [mesos-agent]',
    'SPEC_UNKNOWN_KEY',
    'address',
  ],
  ['a key like no other', 'name: lab\n▶xyzzy: 1', 'SPEC_UNKNOWN_KEY', 'Remove it'],
  ['a merge key', 'name: lab\n▶<<: {preset: ha}', 'SPEC_UNKNOWN_KEY', 'Write the keys out'],
  ['a number of masters', 'name: lab\n▶master: 3', 'SPEC_UNKNOWN_KEY', 'counts.masters'],
  ['a number of Marathons', 'name: lab\n▶marathons: 3', 'SPEC_UNKNOWN_KEY', 'counts.marathons'],
  ['a number of masters under mesos', 'name: lab\nmesos: {▶masters: 3}', 'SPEC_UNKNOWN_KEY', 'counts.masters'],
  ['a port of an older Mesos', 'name: lab\nports: {▶slave: 5051}', 'SPEC_UNKNOWN_KEY', 'Did you mean mesos-agent?'],
  [
    'an image without overrides',
    'name: lab\nimages: {▶marathon: {image: a}}',
    'SPEC_UNKNOWN_KEY',
    'images.overrides.marathon',
  ],
  ['an unknown probe', 'name: lab\nimages: {overrides: {marathon: {probe: ▶busybox}}}', 'SPEC_TYPE', 'curl'],
  [
    'a probe of HTTP for a ZooKeeper',
    'name: lab\nimages: {overrides: {zookeeper: {probe: ▶curl}}}',
    'SPEC_TYPE',
    'Write bash, nc or none',
  ],
  [
    'a probe of an Engine, which has one alone',
    'name: lab\nimages: {overrides: {docker-engine: {▶probe: none}}}',
    'SPEC_UNKNOWN_KEY',
    'Remove it',
  ],
  ['a key of every JavaScript object', 'name: lab\n▶constructor: 1', 'SPEC_UNKNOWN_KEY', 'Remove it'],
  ['a missing name', '▶preset: ha', 'SPEC_TYPE', 'Add `name:`'],
  ['missing keys of a node', 'name: lab\nnodes:\n  - ▶▶docker: a', 'SPEC_TYPE', 'Add `name:`'],
  ['a number as a name', 'name: ▶123', 'SPEC_TYPE', 'Put it in quotes: "123"'],
  ['a number with an exponent as a name', 'name: ▶1e3', 'SPEC_TYPE', 'Put it in quotes: "1e3"'],
  ['a key without a value', '▶name:\npreset: ha', 'SPEC_TYPE', 'behind the colon'],
  ['null as a name', 'name: ▶null', 'SPEC_TYPE', 'behind the colon'],
  ['an empty map', 'name: lab\n▶vagrant:', 'SPEC_TYPE', 'Write {}'],
  ['a word that is not allowed', 'name: lab\npreset: ▶sinlge', 'SPEC_TYPE', 'Did you mean single?'],
  ['an old word', 'name: lab\nnodes: [{name: a, roles: [▶mesos-slave]}]', 'SPEC_TYPE', 'Did you mean mesos-agent?'],
  ['a word of every JavaScript object', 'name: lab\npreset: ▶__proto__', 'SPEC_TYPE', 'Write single'],
  ['another such word', 'name: lab\npreset: ▶constructor', 'SPEC_TYPE', 'Write single'],
  ['such a role', 'name: lab\nnodes: [{name: a, roles: [▶__proto__]}]', 'SPEC_TYPE', 'Write zookeeper'],
  ['a short word for a master', 'name: lab\nnodes: [{name: a, roles: [▶master]}]', 'SPEC_TYPE', 'mesos-master'],
  ['a short word for an agent', 'name: lab\nnodes: [{name: a, roles: [▶agent]}]', 'SPEC_TYPE', 'mesos-agent'],
  ['an old word for an agent', 'name: lab\nnodes: [{name: a, roles: [▶slave]}]', 'SPEC_TYPE', 'mesos-agent'],
  ['a short word for a load balancer', 'name: lab\nnodes: [{name: a, roles: [▶lb]}]', 'SPEC_TYPE', 'marathon-lb'],
  ['yes for true', 'name: lab\nnativeConfig: ▶yes', 'SPEC_TYPE', 'Write true'],
  ['a quoted number', 'name: lab\ncounts: {masters: ▶"3"}', 'SPEC_TYPE', 'without quotes: 3'],
  ['a fraction', 'name: lab\nmesos:\n  quorum: ▶1.5', 'SPEC_TYPE', 'a whole number'],
  ['a huge number', 'name: lab\nmesos: {quorum: ▶99999999999999999999}', 'SPEC_TYPE', 'a whole number'],
  ['a word for a list', 'name: lab\nnodes: [{name: a, roles: ▶mesos-agent}]', 'SPEC_TYPE', '[mesos-agent]'],
  ['a list for a map', 'name: lab\ncounts: ▶[1]', 'SPEC_TYPE', 'a map'],
  ['a line without its colon', 'name: lab\ncounts:\n  ▶masters 3', 'SPEC_TYPE', 'with a colon and a space'],
  ['a list as an attribute', 'name: lab\nmesos: {agent: {attributes: {rack: ▶[a]}}}', 'SPEC_TYPE', 'text or a number'],
  [
    'a flag without a value',
    'name: lab\nmesos:\n  master:\n    flags:\n      ▶roles:',
    'SPEC_TYPE',
    'text, a number or true or false',
  ],
  ['several at once', 'name: ▶5\n▶foo: 1\ncounts: {agents: ▶many}\npreset: ▶x', '', ''],
  ['behind an alias', 'name: lab\nmesos:\n  master: &m {▶▶flag: {}}\n  agent: *m', '', ''],

  ['an empty file', '▶', 'SPEC_FILE', 'name'],
  ['comments alone', '▶# name: lab\n', 'SPEC_FILE', 'name'],
  ['a NUL byte', 'name: lab\nbind: a▶\u0000b', 'SPEC_FILE', 'Delete it'],
  ['a text', '▶hello', 'SPEC_TYPE', 'right file'],
  ['a list', '▶- name: lab', 'SPEC_TYPE', 'right file'],
  ['a duplicate key', 'name: lab\npreset: ha\n▶name: other', 'SPEC_SYNTAX', 'Remove one'],
  ['a duplicate key deep inside', 'name: lab\ncounts: {masters: 1, ▶masters: 3}', 'SPEC_SYNTAX', 'Remove one'],
  ['a tab', 'name: lab\ncounts:\n▶\tmasters: 3', 'SPEC_SYNTAX', 'two spaces'],
  ['two documents', 'name: lab\n▶---\nname: other', 'SPEC_SYNTAX', 'file of its own'],
  ['an unknown alias', 'name: ▶*lab', 'SPEC_SYNTAX', 'Write the value itself'],
  ['an alias of itself', 'nodes: &a [▶*a]\nname: lab', 'SPEC_SYNTAX', 'Write the value itself'],
  ['a tag', 'name: ▶!!binary bGFi', 'SPEC_SYNTAX', 'Remove the tag'],
  ['a tag of code', 'name: ▶!ruby/object:Gem {}', 'SPEC_SYNTAX', 'Remove the tag'],
  ['YAML 1.1', '▶%YAML 1.1\n---\nname: lab', 'SPEC_SYNTAX', 'Remove the line'],
  ['an open quote', 'name: "lab\nbind: b▶', 'SPEC_SYNTAX', 'Add what is missing'],
  ['an open bracket', 'name: lab\nnodes: [▶', 'SPEC_SYNTAX', 'Add ]'],
  ['an open brace', 'name: lab\ncounts: {agents: 1\n▶bind: 127.0.0.1', 'SPEC_SYNTAX', 'Add }'],
  ['a stray character', 'name: ▶@lab', 'SPEC_SYNTAX', 'double quotes'],
  ['a list as a key', '? ▶[a]\n: b', 'SPEC_SYNTAX', 'quotes'],
  ['a key that JavaScript would misuse', 'name: lab\n▶__proto__: {preset: ha}', 'SPEC_SYNTAX', 'Remove it'],
];

describe('a spec that cannot be read', () => {
  it.each(mistakes)('%s is told with its place and its fix', async (_, marked, code, fix) => {
    const { text, places } = withoutMarks(marked);
    const problems = await problemsOf(text);
    expect(problems.map(placeOf)).toEqual(places);
    if (code !== '') expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set([code]));
    expect(problems[0]?.fix).toContain(fix);
    for (const { message, found, allowed } of problems) {
      expect(message).not.toMatch(/\.$/);
      expect(found).toBeTruthy();
      if (code !== 'SPEC_SYNTAX') expect(allowed).toBeTruthy();
    }
  });

  it('never shows control characters raw', async () => {
    const problems = await problemsOf('name: lab\n"a\\e[31m\\u202eb": 1\npreset: "\\u0000\\x9b"\n');
    expect(problems).toHaveLength(2);
    for (const { message, found, fix } of problems) {
      expect([message, found, fix].join('')).not.toMatch(/[\u0000-\u001f\u009b\u202e]/);
    }
  });
});

describe('a spec that can be read', () => {
  it('may be JSON', () => {
    expect(load('{"name": "lab", "counts": {"masters": 3}}').spec).toEqual({ name: 'lab', counts: { masters: 3 } });
  });

  it('may start with a byte order mark, and have Windows line ends', () => {
    const { spec, locate } = load('\ufeffname: lab\r\ncounts:\r\n  masters: 3\r\n');
    expect(spec).toEqual({ name: 'lab', counts: { masters: 3 } });
    expect(locate(['counts', 'masters'], 'value')).toMatchObject({ line: 3, column: 12 });
  });

  it('takes 1.0 for 1, and yes for a text', () => {
    expect(load('name: yes\nmesos: {quorum: 1.0}').spec).toEqual({ name: 'yes', mesos: { quorum: 1 } });
  });

  it('may share values through aliases', () => {
    const text = 'name: lab\nnodes:\n  - {name: a, roles: &r [mesos-agent]}\n  - {name: b, roles: *r}';
    expect(load(text).spec.nodes?.[1]?.roles).toEqual(['mesos-agent']);
  });

  it('is located by key and by value, and where something is missing by its parent', () => {
    const { locate } = load('name: lab\nmesos:\n  agent:\n    resources: cpus:2\nnodes:\n  - name: a\n    roles: []\n');
    const place = (path: readonly (string | number)[], at: 'key' | 'value') => {
      const found = locate(path, at);
      return found.kind === 'file' ? [found.line, found.column] : [];
    };
    expect(place(['mesos', 'agent', 'resources'], 'key')).toEqual([4, 5]);
    expect(place(['mesos', 'agent', 'resources'], 'value')).toEqual([4, 16]);
    expect(place(['mesos', 'master', 'flags'], 'value')).toEqual([2, 1]);
    expect(place(['nodes', 0, 'address'], 'value')).toEqual([6, 5]);
    expect(place(['counts', 'masters'], 'value')).toEqual([1, 1]);
  });
});
