import { describe, expect, it } from 'vitest';
import { fillSandbox } from '../../../checks/drills/catalogue/sandbox.ts';
import { diskFacts, settingsFrom, type DrillFacts } from '../../../checks/drills/drill-facts.ts';
import {
  agentLost,
  andThen,
  masterElected,
  partStarts,
  replacement,
  sessionOver,
} from '../../../checks/drills/predictions.ts';

const nothing = { nodes: [] };
const facts = (flags: object, inOneProcess = false): DrillFacts => ({
  ...{ inOneProcess, masters: [], agents: [], marathons: [], balancers: [], zookeepers: [], quorum: 1 },
  disk: { isEnforced: false, measured: 0 },
  settings: settingsFrom(flags, nothing),
});

describe('when things happen, by the settings of a cluster', () => {
  it('says that a lost agent is noticed after 75 s by default, and up to a ping later', () => {
    const { fromMs, toMs, formula } = agentLost(facts({}));
    expect([fromMs, toMs]).toEqual([75_000, 90_000]);
    expect(formula).toContain('agent_ping_timeout 15 s x max_agent_ping_timeouts 5 = 75 s');
  });

  it('takes what the master says of its flags, also an old one that says slave', () => {
    expect(agentLost(facts({ agent_ping_timeout: '3secs', max_agent_ping_timeouts: '3' }))).toMatchObject({
      fromMs: 9000,
      toMs: 12_000,
    });
    expect(agentLost(facts({ slave_ping_timeout: '1mins', max_slave_ping_timeouts: '2' }))).toMatchObject({
      fromMs: 120_000,
      toMs: 180_000,
    });
  });

  it('takes what the plan says where the master says nothing', () => {
    const environment = [{ name: 'MESOS_ZK_SESSION_TIMEOUT', value: '6secs' }];
    const plan = { nodes: [{ components: [{ role: 'mesos-master', environment }] }] };
    const settings = settingsFrom({}, plan as unknown as Parameters<typeof settingsFrom>[1]);
    expect(settings.masterSessionMs).toBe(6000);
  });

  it('waits for the session of a master that died, but not in one process', () => {
    const flags = { zk_session_timeout: '6secs' };
    expect(sessionOver(facts(flags), 6000, 'zk_session_timeout')).toMatchObject({ fromMs: 4000, toMs: 10_000 });
    expect(masterElected(facts(flags))).toMatchObject({ fromMs: 4000 });
    expect(masterElected(facts(flags, true))).toMatchObject({ fromMs: 0 });
  });

  it('adds up what a replacement waits for, one after another', () => {
    const lost = agentLost(facts({}));
    const predictions = replacement(facts({}), lost);
    expect(predictions.map(({ milestone }) => milestone)).toEqual(['launched', 'running', 'healthy', 'in-balancer']);
    expect(predictions.every(({ fromMs }) => fromMs === 75_000)).toBe(true);
    const ends = predictions.map(({ toMs }) => toMs);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  });

  it('has a sandbox wait for its turn behind those that the agent measures already', () => {
    const flags = { enforce_container_disk_quota: 'true', isolation: 'posix/cpu,disk/du' };
    const containers = [{ statistics: { disk_statistics: [{}, {}] } }, { statistics: {} }];
    expect(diskFacts(flags)).toEqual({ isEnforced: true, isolation: 'posix/cpu,disk/du', measured: 0 });
    expect(diskFacts({ ...flags, isolation: 'posix/cpu, posix/disk' }).isEnforced).toBe(true);
    expect(diskFacts({ ...flags, isolation: 'posix/cpu' }).isEnforced).toBe(false);
    // Has writing fail, and ends nobody for that.
    expect(diskFacts({ ...flags, isolation: 'posix/cpu,disk/xfs' }).isEnforced).toBe(false);
    expect(diskFacts({}).isEnforced).toBe(false);
    const whole = { ...facts({}), agents: [], disk: diskFacts(flags, containers) };
    const scene = { facts: whole, app: '/drill-1/web', tasks: [], servicePort: 1, patienceMs: 0 };
    const [prediction] = fillSandbox.plan({ ...scene, leader: '', marathonLeader: '' }).predictions;
    expect(prediction?.formula).toContain('one of 3 that the agent measures');
    expect(prediction?.toMs).toBeGreaterThanOrEqual(2 * 3 * 15_000);
  });

  it('adds to a start the session that has to end first', () => {
    const { toMs, fromMs, formula } = andThen(partStarts(facts({}), true), sessionOver(facts({}), 6000, 'zk'));
    expect([fromMs, toMs]).toEqual([4000, 70_000]);
    expect(formula).toContain('allowed for); then zk 6 s');
  });
});
