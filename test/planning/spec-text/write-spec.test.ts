import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../../planning/spec-text/load-spec.ts';
import { specText } from '../../../planning/spec-text/write-spec.ts';
import { shapedSpec } from '../arbitrary-spec.ts';

const read = (text: string) => loadSpec(new TextEncoder().encode(text), 'mesos-cluster.yaml').spec;

describe('the text of a spec', () => {
  it('starts with the schema comment, says how to apply a change, and has its keys in the order of the schema', () => {
    const text = specText({
      vagrant: { memoryMb: 1024, provider: 'libvirt' },
      placement: 'machines',
      nodes: [{ roles: ['zookeeper', 'mesos-master'], address: '192.168.56.11', name: 'node1' }],
      name: 'lab',
      mesos: { agent: { resources: 'cpus:2;mem:1024', flags: { containerizers: 'docker,mesos', strict: false } } },
    });
    expect(text).toBe(`# yaml-language-server: $schema=.mesos-cluster/spec.schema.json
#
# What this lab is: the only file to edit. Everything else is generated from it.
# After a change, run: npm run generate

name: lab
placement: machines
nodes:
  - name: node1
    address: 192.168.56.11
    roles: [zookeeper, mesos-master]
mesos:
  agent:
    flags:
      containerizers: docker,mesos
      strict: false
    resources: cpus:2;mem:1024
vagrant:
  provider: libvirt
  memoryMb: 1024
`);
  });

  it('leaves out keys without a value', () => {
    expect(specText({ name: 'lab', bind: undefined })).not.toContain('bind');
  });

  it('is read back as the same spec, whatever is in it', () => {
    const writable = shapedSpec.filter((spec) => JSON.stringify(spec).length < 20_000);
    fc.assert(
      fc.property(writable, (spec) => {
        expect(read(specText(spec))).toEqual(spec);
      }),
      { numRuns: 300 },
    );
  });
});
