import { describe, expect, it } from 'vitest';
import { readLook } from '../../../runtimes/hosts/preflight/machine-look.ts';
import {
  addressRefusals,
  clockRefusals,
  diskRefusals,
  labRefusals,
  portRefusals,
} from '../../../runtimes/hosts/preflight/node-refusals.ts';
import { planWithAgents } from './fake-machines.ts';

/** As a kernel 6.1 writes it: 10.0.0.1 is its own, 0.0.0.0:5050 and 10.0.0.1:8080 are listened on. */
const said = `Main:
  +-- 0.0.0.0/0 3 0 5
     +-- 10.0.0.0/24 2 0 2
        +-- 10.0.0.0/29 2 0 2
           |-- 10.0.0.0
              /24 link UNICAST
           |-- 10.0.0.1
              /32 host LOCAL
        |-- 10.0.0.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:13BA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100000A:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   2: 0100007F:2382 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   3: 0100000A:0016 0200000A:B0E2 01 00000000:00000000 00:00000000 00000000     0        0 1 1
Filesystem     1024-blocks      Used Available Capacity Mounted on
/dev/sda1         20000000  19900000    102400      99% /
`;

const [node] = planWithAgents(2).nodes;
if (node === undefined) throw new Error('a plan without nodes');

describe('what a machine says of itself', () => {
  it('is read from the kernel and from df', () => {
    expect(readLook(said)).toEqual({
      addresses: ['10.0.0.1', '127.0.0.1'],
      listeners: [
        { address: '0.0.0.0', port: 5050 },
        { address: '10.0.0.1', port: 8080 },
        { address: '127.0.0.1', port: 9090 },
      ],
      freeMb: 100,
    });
  });

  it('is nothing where it has no such files', () => {
    expect(readLook('')).toEqual({ addresses: undefined, listeners: undefined, freeMb: undefined });
  });
});

describe('what keeps a lab from running on a node', () => {
  it.each([
    [1000, []],
    [undefined, []],
    [-10_000, [{ isWarning: true, found: "10 s behind this machine's" }]],
    [600_000, [{ isWarning: false, found: "10 minutes ahead of this machine's" }]],
  ])('is a clock that is wrong by %s ms', (aheadMs, expected) => {
    const found = clockRefusals(node, aheadMs).map(({ isWarning, problem }) => ({ isWarning, found: problem.found }));
    expect(found).toEqual(expected);
  });

  it('is an address that is not its own', () => {
    const elsewhere = { ...node, address: '10.0.0.9' };
    expect(addressRefusals(node, readLook(said))).toEqual([]);
    expect(addressRefusals(elsewhere, readLook(said))[0]?.problem).toMatchObject({
      message: 'node1: 10.0.0.9 is not an address of this machine',
      found: '10.0.0.1',
    });
  });

  it('is a full disk', () => {
    expect(diskRefusals(node, readLook(said))).toMatchObject([
      { isWarning: false, problem: { message: 'node1: its disk is full' } },
    ]);
    expect(diskRefusals(node, { ...readLook(''), freeMb: 50_000 })).toEqual([]);
  });

  it('is a port that something else has, on its address or on all of them', () => {
    const [finding] = portRefusals(node, readLook(said));
    expect(finding?.problem.message).toContain('5050 (mesos-master), 8080 (marathon)');
    expect(finding?.problem.message).not.toContain('9090');
    expect(finding?.problem.fix).toMatch(
      /, or move the lab: npm run up -- --port mesos-master=\d+ --port marathon=\d+$/,
    );
  });

  it('is another lab with the same roles', () => {
    const other = {
      lab: 'theirs',
      directory: '/home/you/theirs/nodes/node1',
      role: 'zookeeper',
      state: 'running',
      name: 'theirs-zookeeper-1',
    };
    const container = {
      ...other,
      id: 'zookeeper',
      node: 'node1',
      detail: '',
      image: '',
      containerId: '',
      composeFile: '',
    };
    expect(labRefusals(node, [container])[0]?.problem).toMatchObject({
      message: 'node1: another lab runs on this machine: theirs',
      found: 'theirs-zookeeper-1 of /home/you/theirs',
    });
    expect(
      labRefusals(node, [
        { ...container, role: 'registry' },
        { ...container, state: 'exited' },
      ]),
    ).toEqual([]);
  });
});
