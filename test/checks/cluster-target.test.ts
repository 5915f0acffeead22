import { describe, expect, it } from 'vitest';
import { missingAttributes } from '../../checks/agent-attributes.ts';
import { targetFromPlan, targetFromUrls, targetWithout } from '../../checks/cluster-target.ts';
import { readStatistics, sessionsBetween, sessionsOf } from '../../checks/haproxy-statistics.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';

describe('what the checks know of a plan', () => {
  it('has every URL as this machine reaches it, and what the agents should be', () => {
    const target = targetFromPlan(planCluster({ name: 'lab', preset: 'ha' }));
    expect(target.masters).toEqual([5050, 5150, 5250].map((port) => `http://127.0.0.1:${port}`));
    expect(target.zookeepers).toEqual(
      [1, 2, 3].map((ordinal) => ({ name: `zookeeper${ordinal}`, host: '127.0.0.1', port: 2180 + ordinal })),
    );
    expect(target.hosts['master2:5150']).toBe('http://127.0.0.1:5150');
    expect(target.expected?.masterCount).toBe(3);
    const [first, second] = target.expected?.agents ?? [];
    expect(first).toMatchObject({ name: 'agent1', hostname: 'agent1', port: 5051 });
    expect(target.hosts[`${second?.hostname ?? ''}:5052`]).toBe('http://127.0.0.1:5052');
    const ports = { first: 10_000, published: 10_000, last: 10_020 };
    expect(target.services).toEqual({ host: '127.0.0.1', ...ports, groups: ['external'] });
  });

  it('knows whether the load balancer is ours, and whether virtual hosts reach it', () => {
    const ours = (spec: Parameters<typeof planCluster>[0], inOneProcess = false) =>
      targetFromPlan(planCluster(spec), { inOneProcess }).services?.ours;
    const lite = { name: 'lab', images: { set: 'lite' } } as const;
    expect(ours({ name: 'lab' })).toBeUndefined();
    expect(ours({ name: 'lab' }, true)).toEqual({ hasVirtualHosts: false });
    expect(ours(lite)).toEqual({ hasVirtualHosts: false });
    expect(ours({ ...lite, ports: { 'virtual-hosts': 8081 } })).toEqual({ hasVirtualHosts: true });
    expect(ours({ ...lite, preset: 'three-vm' })).toEqual({ hasVirtualHosts: true });
  });

  it('takes what a runtime knows better', () => {
    const target = targetFromPlan(planCluster({ name: 'lab', preset: 'single' }), {
      inOneProcess: true,
      hosts: { agent1: '127.0.0.1' },
      agentAddresses: [{ hostname: 'one', port: 5051 }],
    });
    expect(target).toMatchObject({ zookeepers: [], sharePorts: true });
    expect(target.hosts).toMatchObject({ agent1: '127.0.0.1', 'one:5051': 'http://127.0.0.1:5051' });
    expect(target.expected?.agents[0]?.hostname).toBe('one');
  });

  it('needs nothing but URLs for a cluster that somebody else started', () => {
    const target = targetFromUrls({
      mesos: ['http://m:5050/'],
      marathon: ['http://m:8080'],
      loadBalancer: 'http://lb:9090',
    });
    expect(target).toEqual({
      masters: ['http://m:5050'],
      marathons: ['http://m:8080'],
      loadBalancer: 'http://lb:9090',
      services: { host: 'lb', first: 0, published: 0 },
      zookeepers: [],
      hosts: {},
    });
  });
});

it('what is left without parts that were killed still has its simulated agents, which run nothing', () => {
  const plan = planCluster({ name: 'lab', preset: 'ha', simulatedAgents: { count: 7 } });
  const left = targetWithout(targetFromPlan(plan), plan, (id) => id === 'agent1' || id === 'master2');
  expect(left.masters).toHaveLength(2);
  expect(left.expected).toMatchObject({
    ...{ masterCount: 2, simulatedAgents: 7 },
    agents: [{ name: 'agent2' }, { name: 'agent3' }],
  });
});

describe('attributes of an agent', () => {
  it('are compared as Mesos means them, not as it writes them', () => {
    const actual = { rack: 'abc', level: 10, keys: '[1000-1500]', set: '{a, b}' };
    expect(missingAttributes('rack:abc; level:10.0;keys:[1000-1500];set:{b,a}', actual)).toEqual([]);
    expect(missingAttributes('', {})).toEqual([]);
    expect(missingAttributes('rack:b;zone:west', actual)).toEqual([
      'has rack:abc instead of rack:b',
      'has no attribute zone',
    ]);
  });
});

describe('the statistics of HAProxy', () => {
  const csv = [
    '# pxname,svname,qcur,qmax,scur,smax,slim,stot,',
    ...['stats,FRONTEND,,,1,1,,9,', 'nginx_10000,FRONTEND,,,0,1,,7,', 'nginx_10000,agent1_31005,0,0,0,1,,4,'],
    ...[
      'nginx_10000,agent2_31002,0,0,0,1,,3,',
      'nginx_10000,BACKEND,0,0,0,1,,7,',
      'other_10001,agent1_31006,0,0,0,1,,1,',
    ],
  ].join('\n');

  it('tell the sessions of each server of a port', () => {
    expect(sessionsOf(readStatistics(csv), 10_000)).toEqual([
      { server: 'agent1_31005', total: 4 },
      { server: 'agent2_31002', total: 3 },
    ]);
    expect(sessionsOf(readStatistics('<html>'), 10_000)).toEqual([]);
    expect(sessionsOf(readStatistics(''), 10_000)).toEqual([]);
  });

  it('count on when HAProxy was reloaded in between', () => {
    const before = sessionsOf(readStatistics(csv), 10_000);
    const after = [
      { server: 'agent1_31005', total: 6 },
      { server: 'agent2_31002', total: 1 },
    ];
    expect(sessionsBetween(before, after).map(({ total }) => total)).toEqual([2, 1]);
  });
});
