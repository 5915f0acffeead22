import { describe, expect, it } from 'vitest';
import { verdictOfLab, wayText, type Way } from '../../../cli/doctor/doctor-text.ts';
import type { Finding } from '../../../runtimes/doctor-facet.ts';
import { coloursFor } from '../../../platform/terminal.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';

const plain = coloursFor({ isTerminal: false, write: () => undefined }, {}, false);
const way = (...findings: readonly Finding[]): Way => ({ name: 'hosts', title: 'this lab on its machines', findings });
const plan = planCluster({
  name: 'lab',
  placement: 'machines',
  nodes: [
    { name: 'node1', address: '10.0.0.1', roles: ['zookeeper', 'mesos-master', 'marathon'] },
    { name: 'node2', address: '10.0.0.2', roles: ['mesos-agent'] },
  ],
});
const fine = (node: string): Finding => ({ node, need: 'Clock', ok: true, found: 'right' });
const bad = (node: string): Finding => ({ node, need: 'Disk', ok: false, found: 'full', fix: 'make room' });

describe('the text of doctor about several machines', () => {
  it('names in its first line the machines where something is missing', () => {
    expect(verdictOfLab(plan, [way(fine('node1'), fine('node2'))], plain)).toBe(
      'The lab lab can run on its 2 machines\n',
    );
    expect(verdictOfLab(plan, [way(fine('node1'), bad('node2'))], plain)).toBe(
      'The lab lab cannot run on its 2 machines as they are: see below at node2\n',
    );
  });

  it('has a paragraph for each machine', () => {
    const text = wayText(
      way({ need: 'Compose', ok: true, found: 'v5' }, fine('node1'), bad('node2'), fine('node2')),
      plain,
    );
    expect(text).toBe(
      [
        'hosts: cannot run this lab on its machines',
        '  ok      Compose: v5',
        '  node1',
        '    ok      Clock: right',
        '  node2',
        '    missing Disk: full',
        '            fix: make room',
        '    ok      Clock: right',
        '',
      ].join('\n'),
    );
  });

  it('has a line alone for each good one of many', () => {
    const names = Array.from({ length: 8 }, (_, index) => `node${String(index + 1)}`);
    const text = wayText(way(...names.map((name) => (name === 'node5' ? bad(name) : fine(name)))), plain);
    expect(text).toContain(
      '  ok      node4: all 1 things are as they should be (--json shows them)\n  node5\n    missing Disk: full',
    );
  });
});
