import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { masterDiscovery } from '../../../engine/discovery/zookeeper-discovery.ts';
import { zookeeperRegistry } from '../../../engine/master/registry/zookeeper-registry.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { openZookeeper, type ZookeeperSession } from '../../../engine/zookeeper/zookeeper-session.ts';
import { startFakeAgent } from '../../engine/master/fake-agent.ts';
import { fetchJson, fetchRaw, type Loose } from '../../engine/scheduler-client.ts';
import { requireTool } from '../../support/require-tool.ts';
import { untilTrue } from '../support/until.ts';
import { startEnsemble, type Ensemble } from './zookeeper-ensemble.ts';

/* What operators have decided, of masters of the engine on a real ZooKeeper ensemble of three members. */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const path = '/mesos';
const machine = { hostname: 'host-1', ip: '127.0.0.1' };
const unavailability = { start: { nanoseconds: 1795910318353615872 }, duration: { nanoseconds: 3600000000000 } };
const windows = [{ machine_ids: [machine], unavailability }];

describe.skipIf(!hasDocker)('the registry of operators in ZooKeeper', () => {
  let ensemble: Ensemble;

  beforeAll(async () => {
    ensemble = await startEnsemble(`operator-registry-test-${String(process.pid)}`);
    await ensemble.isServing();
  }, 300_000);

  afterAll(async () => {
    await ensemble.remove();
  }, 60_000);

  function open(): ZookeeperSession {
    const session = openZookeeper({ servers: ensemble.servers, sessionTimeoutMs: 4000, log: () => undefined });
    onTestFinished(() => session.close());
    return session;
  }

  async function startTestMaster() {
    const session = open();
    const master = await startMaster(
      {
        ...{ host: '127.0.0.1', port: 0, hostname: '127.0.0.1', cluster: 'test', quorum: 1 },
        discovery: masterDiscovery(session, path),
        registry: zookeeperRegistry(session, path),
        flags: { zk: 'zk://…', quorum: '1' },
      },
      { log: () => undefined },
    );
    onTestFinished(() => master.stop());
    return { ...master, leave: () => session.close() };
  }

  const hasRecovered = (url: string) =>
    untilTrue(
      `${url} leads`,
      20_000,
      async () => (await fetchRaw(`${url}/api/v1`, { body: { type: 'GET_HEALTH' } })).status === 200,
    );
  const decide = async (url: string, type: string, fields: object) => {
    const { status, body } = await fetchRaw(`${url}/api/v1`, { body: { type, [type.toLowerCase()]: fields } });
    expect([type, status, body]).toEqual([type, 200, '']);
  };
  const read = async (url: string, type: string): Promise<Loose> =>
    (await fetchJson(`${url}/api/v1`, { body: { type } }))[type.toLowerCase()];

  it('survives the failover to another master, with drains, maintenance, quotas and weights', async () => {
    const first = await startTestMaster();
    await hasRecovered(first.url);
    const agent = await startFakeAgent(first.url, machine);
    await decide(first.url, 'DRAIN_AGENT', { agent_id: { value: agent.agentId } });
    await decide(first.url, 'UPDATE_MAINTENANCE_SCHEDULE', { schedule: { windows } });
    const limits = { cpus: { value: 1 } };
    await decide(first.url, 'UPDATE_QUOTA', { force: true, quota_configs: [{ role: 'dev', limits }] });
    await decide(first.url, 'UPDATE_WEIGHTS', { weight_infos: [{ role: 'dev', weight: 2 }] });

    const second = await startTestMaster();
    await first.leave();
    await hasRecovered(second.url);
    expect(await read(second.url, 'GET_MAINTENANCE_SCHEDULE')).toEqual({ schedule: { windows } });
    expect(await read(second.url, 'GET_QUOTA')).toMatchObject({ status: { configs: [{ role: 'dev', limits }] } });
    expect(await read(second.url, 'GET_WEIGHTS')).toEqual({ weight_infos: [{ role: 'dev', weight: 2 }] });
    // It comes back to the new master, and is drained there, too.
    await startFakeAgent(second.url, { ...machine, agent_id: { value: agent.agentId } });
    const [shown] = (await fetchJson(`${second.url}/slaves`)).slaves;
    expect(shown).toMatchObject({ id: agent.agentId, deactivated: true, drain_info: { state: 'DRAINED' } });
  }, 120_000);

  it('is that of the master that has loaded it last', async () => {
    const folder = '/taken-over';
    const [former, current] = [zookeeperRegistry(open(), folder), zookeeperRegistry(open(), folder)];
    expect(await former.load()).toBeUndefined();
    await former.save('1');
    expect(await current.load()).toBe('1');
    await expect(former.save('2')).rejects.toThrow('Another master has taken over the registry');
    await current.save('3');
    expect(await zookeeperRegistry(open(), folder).load()).toBe('3');
  }, 60_000);
});
