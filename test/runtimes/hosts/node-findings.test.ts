import { describe, expect, it } from 'vitest';
import { nodeFindings, reachFinding, type SeenNode } from '../../../runtimes/hosts/doctor/node-findings.ts';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';
import type { LabContainer } from '../../../runtimes/docker/lab/lab-containers.ts';
import { readFacts } from '../../../runtimes/docker/preflight/read-facts.ts';
import type { ReachedNode } from '../../../runtimes/hosts/nodes/connect-node.ts';
import type { MachineLook } from '../../../runtimes/hosts/preflight/machine-look.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { engines } from '../docker/preflight/docker-answers.ts';

const plan = planCluster({
  name: 'lab',
  placement: 'machines',
  images: { set: 'lite' },
  nodes: [
    {
      name: 'node1',
      address: '10.0.0.1',
      docker: 'ssh://admin@10.0.0.1',
      roles: ['zookeeper', 'mesos-master', 'marathon', 'mesos-agent'],
    },
  ],
});
const [node] = plan.nodes;
if (node === undefined) throw new Error('a plan without nodes');

const recorded = engines['Engine 26.1 on Debian 12'];
const text = (result: (typeof recorded)['info']) => (result.kind === 'ended' ? result.stdout : '');
const fakeEngine = dockerEngine({
  runCommand: () => Promise.resolve({ kind: 'missing' }),
  env: {},
  cwd: '/',
  signal: new AbortController().signal,
});
const reached: ReachedNode = {
  kind: 'reached',
  node,
  engine: fakeEngine,
  facts: readFacts(text(recorded.version), text(recorded.info), { context: 'default', endpoint: '', isRemote: false }),
  engineId: 'id',
  aheadMs: 40,
  look: undefined,
};
const fine: MachineLook = {
  addresses: ['127.0.0.1', '10.0.0.1'],
  listeners: [{ address: '0.0.0.0', port: 22 }],
  freeMb: 20_480,
};
const container: LabContainer = {
  ...{ id: 'c', containerId: 'c', name: 'c', state: 'running', detail: '', image: '', lab: 'lab' },
  ...{ node: 'node1', role: 'mesos-agent', directory: '/lab/nodes/node1', composeFile: '' },
};
const containers = (count: number) => Array.from({ length: count }, () => container);
const lookAt = (seen: Partial<SeenNode>) => nodeFindings(plan, { reached, look: fine, own: [], others: [], ...seen });
const wrong = (seen: Partial<SeenNode>) =>
  lookAt(seen).flatMap(({ ok, need, found, isWarning }) =>
    ok ? [] : [`${isWarning ? 'warning ' : ''}${need}: ${found}`],
  );

describe('what is said of one machine of a lab', () => {
  it('has a figure for each thing that is as it should be', () => {
    expect(wrong({})).toEqual([]);
    expect(lookAt({}).map(({ need, found }) => `${need}: ${found}`)).toEqual([
      expect.stringMatching(/^Docker Engine 24\.0 or newer: 26\.1\.5/),
      'Image set lite: its images can run here',
      "Clock: the same time as this machine's",
      'Address: 10.0.0.1 is its own',
      'Disk: 20.0 GB free for images',
      'Ports: 2181, 2888, 3888, 5050, 5051, 8080 are free',
      expect.stringMatching(/^Memory: \d+ MB, \d+ processors; its part of the lab takes about \d+ MB/),
    ]);
    expect(lookAt({}).every((each) => each.node === 'node1')).toBe(true);
  });

  it.each<readonly [string, Partial<SeenNode>, readonly (string | RegExp)[]]>([
    [
      'a clock that differs',
      { reached: { ...reached, aheadMs: -600_000 } },
      [/^Clock: its clock is not right \(10 minutes behind/],
    ],
    ['a clock that differs a little', { reached: { ...reached, aheadMs: 9000 } }, [/^warning Clock: .*9 s ahead/]],
    [
      "another machine's address",
      { look: { ...fine, addresses: ['127.0.0.1', '10.0.0.7'] } },
      ['Address: 10.0.0.1 is not an address of this machine (10.0.0.7)'],
    ],
    ['a full disk', { look: { ...fine, freeMb: 100 } }, [/^Disk: its disk is full \(100 MB free/]],
    [
      'a taken port',
      { look: { ...fine, listeners: [{ address: '0.0.0.0', port: 5050 }] } },
      [/^Ports: .*5050 \(mesos-master\)/],
    ],
    ['a way that does not tell', { look: undefined }, [/^warning Address, ports and disk: not known/]],
  ])('names %s, without its own name again', (_, seen, lines) => {
    expect(wrong(seen)).toEqual(
      lines.map((line) => (typeof line === 'string' ? line : (expect.stringMatching(line) as unknown))),
    );
  });

  it('does not call ports taken that the lab holds itself, or another lab', () => {
    const look = { ...fine, listeners: [{ address: '0.0.0.0', port: 5050 }] };
    expect(wrong({ look, own: containers(4) })).toEqual([]);
    expect(lookAt({ look, own: containers(4) })).toContainEqual({
      node: 'node1',
      need: 'Ports',
      ok: true,
      found: 'held by the lab itself, which has 4 containers here',
    });
    expect(wrong({ look, others: containers(2) })).toEqual([]);
  });

  it('begins with the way to it', () => {
    expect(reachFinding(reached)).toMatchObject({ node: 'node1', need: 'Log in over SSH', ok: true });
    const problem = {
      code: 'MACHINE_NODE_UNREACHABLE',
      message: 'node1 (10.0.0.1) cannot be reached over SSH: it does not answer',
      found: 'timed out',
      fix: 'ping',
    } as const;
    expect(reachFinding({ kind: 'unreached', node, problem })).toEqual({
      node: 'node1',
      need: 'Log in over SSH',
      ok: false,
      found: 'node1 (10.0.0.1) cannot be reached over SSH: it does not answer (timed out)',
      fix: 'ping',
    });
  });
});
