import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editSpecText, withNamesOfToday, withSchemaComment } from '../../../planning/spec-text/edit-spec.ts';
import { loadSpec } from '../../../planning/spec-text/load-spec.ts';
import { specText } from '../../../planning/spec-text/write-spec.ts';
import { shapedSpec } from '../arbitrary-spec.ts';
import { trials } from '../../support/trials.ts';

const read = (text: string) => loadSpec(new TextEncoder().encode(text), 'mesos-cluster.yaml').spec;

const text = `# My lab

name:   lab    # a name
counts: {masters: 1,   agents: 2}

# The agents
mesos:
    agent:
        resources: 'cpus:2'   # enough
`;

describe('editing the text of a spec', () => {
  it('changes nothing but the value that is replaced', () => {
    const edited = editSpecText(text, [
      { path: ['name'], value: 'yes' },
      { path: ['counts', 'masters'], value: 3 },
      { path: ['mesos', 'agent', 'resources'], value: 'cpus:4;mem:1024' },
    ]);
    expect(edited).toBe(
      text.replace('lab  ', '"yes"  ').replace('masters: 1', 'masters: 3').replace("'cpus:2'", 'cpus:4;mem:1024'),
    );
  });

  it('keeps comments and order when keys are added or removed', () => {
    const edited = editSpecText(text, [
      { path: ['vagrant', 'provider'], value: 'libvirt' },
      { path: ['mesos', 'agent', 'flags'], value: { strict: false } },
      { path: ['counts'], value: undefined },
    ]);
    expect(edited).toBe(
      `# My lab

name: lab # a name

# The agents
mesos:
    agent:
        resources: 'cpus:2' # enough
        flags:
            strict: false
vagrant:
    provider: libvirt
`
        .replaceAll('    ', '  ')
        .replace('    resources', '    resources'),
    );
  });

  it('adds to an empty map, to a list, and to comments alone', () => {
    expect(read(editSpecText('name: lab\nvagrant:\n', [{ path: ['vagrant', 'cpus'], value: 2 }]))).toEqual({
      name: 'lab',
      vagrant: { cpus: 2 },
    });
    expect(read(editSpecText('name: lab\n', [{ path: ['addons'], value: ['registry'] }]))).toEqual({
      name: 'lab',
      addons: ['registry'],
    });
    const commented = editSpecText('# nothing yet\n', [{ path: ['name'], value: 'lab' }]);
    expect(commented).toContain('# nothing yet');
    expect(read(commented)).toEqual({ name: 'lab' });
  });

  it('leaves the other places of an alias alone', () => {
    const shared = 'name: lab\nmesos:\n  master: {flags: &f {strict: true}}\n  agent:\n    flags: *f\n';
    expect(read(editSpecText(shared, [{ path: ['mesos', 'agent', 'flags', 'strict'], value: false }])).mesos).toEqual({
      master: { flags: { strict: true } },
      agent: { flags: { strict: false } },
    });
  });

  it('leads to the same spec as writing it anew, for every key of any spec', () => {
    fc.assert(
      fc.property(shapedSpec, shapedSpec, (from, to) => {
        const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])] as (keyof typeof to)[];
        const edited = editSpecText(
          specText(from),
          keys.map((key) => ({ path: [key], value: to[key] })),
        );
        expect(read(edited)).toEqual(to);
      }),
      { numRuns: trials('PROPERTY_RUNS', { usual: 20, thorough: 60 }) },
    );
  });
});

describe('names of before', () => {
  it.each([
    ['runtime: hosts', 'placement: machines'],
    [
      'name: lab # mine\n\nruntime:   docker # here\nbind: 127.0.0.1\n',
      'name: lab # mine\n\nplacement:   one-host # here\nbind: 127.0.0.1\n',
    ],
    ["runtime: 'hosts'", "placement: 'machines'"],
    ['{"name": "lab", "runtime": "hosts"}', '{"name": "lab", "placement": "machines"}'],
    ['# c\nname: lab\nruntime: hosts\nplacement: one-host # d\n', '# c\nname: lab\nplacement: one-host # d\n'],
    ['placement: machines\n', 'placement: machines\n'],
  ])('become those of today, and all around them stays: %j', (before, after) => {
    expect(withNamesOfToday(before)).toBe(after);
  });
});

describe('the schema comment', () => {
  it('becomes the first line', () => {
    expect(withSchemaComment('name: lab\n')).toBe(
      '# yaml-language-server: $schema=.mesos-cluster/spec.schema.json\nname: lab\n',
    );
  });

  it('is not added where there is one', () => {
    const own = '# my spec\n# yaml-language-server: $schema=https://example.org/own.json\nname: lab\n';
    expect(withSchemaComment(own)).toBe(own);
  });
});
