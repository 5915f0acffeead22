import { describe, expect, onTestFinished, test } from 'vitest';
import type { Discovery, LeaderListener } from '../../../engine/discovery/discovery.ts';
import { eventually } from '../master/master-for-test.ts';
import { agentOf, frameworkOf, startFakeMaster, taskOf, type FakeState } from './fake-master.ts';
import { startKnowing, startTestDns } from './mesos-dns-for-test.ts';

async function fakeMaster(state: FakeState = {}, port?: number) {
  const master = await startFakeMaster(state, port);
  onTestFinished(() => master.stop());
  return master;
}

const updated = (id: string, state: string, frameworkId = 'f-0', status: object = {}) => ({
  type: 'TASK_UPDATED',
  task_updated: {
    framework_id: { value: frameworkId },
    status: { task_id: { value: id }, state, timestamp: 2, ...status },
    state,
  },
});
const added = (task: object) => ({ type: 'TASK_ADDED', task_added: { task } });

describe('by the events of the master', () => {
  test('a task has names from when it runs until it has ended', async () => {
    const { master, until, ask } = await startKnowing({});
    master.send(added(taskOf({ id: 't1', state: 'TASK_STAGING' })));
    master.send(added(taskOf({ id: 't2', name: 'mark' })));
    await until('mark.marathon.mesos', 'A', (answers) => answers.length === 1);
    expect((await ask('web.marathon.mesos')).answers).toEqual([]);
    master.send(updated('t1', 'TASK_RUNNING'));
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 1);
    master.send(updated('t1', 'TASK_UNREACHABLE'));
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 0);
    master.send(updated('t1', 'TASK_RUNNING'));
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 1);
    master.send(updated('t1', 'TASK_FINISHED'));
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 0);
    expect(master.subscriptions()).toBe(1);
  });

  test('a status brings the addresses of its task', async () => {
    const { master, until } = await startKnowing({ tasks: [taskOf({ id: 't1', state: 'TASK_STARTING' })] });
    const network_infos = [{ ip_addresses: [{ ip_address: '172.17.0.9' }] }];
    master.send(updated('t1', 'TASK_RUNNING', 'f-0', { container_status: { network_infos } }));
    await until('web.marathon.mesos', 'A', (answers) => answers.includes('web.marathon.mesos 10 A 172.17.0.9'));
  });

  test('one of two tasks of a name leaves the other one its names', async () => {
    const { master, until, ask } = await startKnowing({ tasks: [taskOf({ id: 't1' }), taskOf({ id: 't2' })] });
    master.send(updated('t1', 'TASK_KILLED'));
    master.send(added(taskOf({ id: 't3', name: 'mark' })));
    await until('mark.marathon.mesos', 'A', (answers) => answers.length === 1);
    expect((await ask('web.marathon.mesos')).answers).toEqual(['web.marathon.mesos 10 A 10.0.0.1']);
  });

  test('frameworks and agents come, change and go, and their tasks with them', async () => {
    const { master, until } = await startKnowing({
      tasks: [taskOf({ id: 't1' }), taskOf({ id: 't2', agent: 'a-S1', name: 'db' })],
    });
    const has = (count: number) => (answers: readonly string[]) => answers.length === count;
    master.send({ type: 'FRAMEWORK_ADDED', framework_added: { framework: frameworkOf('f-1', 'spark') } });
    master.send({ type: 'AGENT_ADDED', agent_added: { agent: agentOf('a-S2', '10.0.0.3') } });
    master.send(added(taskOf({ id: 't3', name: 'job', framework: 'f-1', agent: 'a-S2' })));
    await until('job.spark.mesos', 'A', (answers) => answers.includes('job.spark.mesos 10 A 10.0.0.3'));
    await until('slave.mesos', 'A', has(3));
    master.send({ type: 'FRAMEWORK_UPDATED', framework_updated: { framework: frameworkOf('f-1', 'flink') } });
    await until('job.flink.mesos', 'A', has(1));
    await until('job.spark.mesos', 'A', has(0));
    master.send({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'a-S1' } } });
    await until('db.marathon.mesos', 'A', has(0));
    const { framework_info } = frameworkOf('f-1', 'flink');
    master.send({ type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info } });
    await until('job.flink.mesos', 'A', has(0));
    await until('flink.mesos', 'A', has(0));
  });

  test('a task that nobody told of has the state read anew', async () => {
    const { master, until } = await startKnowing({});
    master.set({ tasks: [taskOf({ id: 't9' })] });
    master.send(updated('t9', 'TASK_RUNNING'));
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 1);
  });

  test('the stream is opened again when it ends, and what was known stays meanwhile', async () => {
    const { master, until, ask } = await startKnowing({ tasks: [taskOf({ id: 't1' })] });
    const [, port = ''] = master.authority.split(':');
    await master.stop();
    expect((await ask('web.marathon.mesos')).answers).toHaveLength(1);
    await fakeMaster({ tasks: [taskOf({ id: 't2', name: 'new' })] }, Number(port));
    await until('new.marathon.mesos', 'A', (answers) => answers.length === 1);
    expect((await ask('web.marathon.mesos')).rcode).toBe('NXDOMAIN');
  });

  test('what is no event breaks the stream off, not the component', async () => {
    const { master, until } = await startKnowing({});
    master.set({ tasks: [taskOf({ id: 't1' })] });
    master.answerWith((_, response) => response.writeHead(200).end('no record\n{'));
    master.hangUp();
    await eventually(() => master.asked.filter(({ path }) => path === '/api/v1').length > 2);
    master.answerWith(undefined);
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 1);
  });
});

describe('the leading master', () => {
  test('is followed wherever another one leads to', async () => {
    const leader = await fakeMaster({ tasks: [taskOf({ id: 't1' })] });
    const other = await fakeMaster();
    other.answerWith((_, response) => response.writeHead(307, { Location: `//${leader.authority}/api/v1` }).end());
    const { until } = await startTestDns({ config: { masters: ['127.0.0.1:1', other.authority, leader.authority] } });
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 1);
    const port = new URL(leader.url).port;
    await until('_leader._tcp.mesos', 'SRV', ([answer = '']) => answer.includes(` ${port} `));
  });

  test('is another one as soon as the election says so', async () => {
    const [first, second] = [await fakeMaster({ tasks: [taskOf({ id: 't1' })] }), await fakeMaster()];
    let tell: LeaderListener = () => undefined;
    const discovery: Discovery = {
      contend: () => ({ withdraw: () => undefined }),
      watch: (listener) => {
        tell = listener;
        return () => undefined;
      },
    };
    const { until } = await startTestDns({ discovery });
    tell({ id: 'a', url: first.url, hostname: 'a' }, 2);
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 1);
    tell({ id: 'b', url: second.url, hostname: 'b' }, 2);
    await until('web.marathon.mesos', 'A', (answers) => answers.length === 0);
  });

  test('that has no stream of events is asked for its state again and again', async () => {
    const task = (name: string) => ({
      ...{ id: 't1', name, slave_id: 'a-S0', state: 'TASK_RUNNING', framework_id: 'f-0', statuses: [] },
      resources: { cpus: 1, ports: '[31000-31001, 31005-31005]' },
    });
    let name = 'old';
    const master = await fakeMaster();
    master.answerWith((request, response) => {
      if (request.url !== '/master/state') {
        response.writeHead(404).end();
        return;
      }
      const slaves = [{ id: 'a-S0', hostname: 'x', pid: 'slave(1)@10.0.0.1:5051' }];
      const frameworks = [{ id: 'f-0', name: 'marathon', pid: 'scheduler@10.0.0.7:9', tasks: [task(name)] }];
      response.end(JSON.stringify({ leader: `master@${master.authority}`, slaves, frameworks }));
    });
    const { until, ask } = await startTestDns({ config: { masters: [master.authority] } });
    await until('old.marathon.mesos', 'A', (answers) => answers.includes('old.marathon.mesos 10 A 10.0.0.1'));
    expect((await ask('_old._tcp.marathon.mesos', 'SRV')).answers).toHaveLength(3);
    expect((await ask('_framework._tcp.marathon.mesos', 'SRV')).answers).toHaveLength(1);
    name = 'new';
    await until('new.marathon.mesos', 'A', (answers) => answers.length === 1);
  });

  test('is told who asks by the credentials of the configuration', async () => {
    const { master } = await startKnowing(
      {},
      {
        config: { mesosAuthentication: 'basic', mesosCredentials: { principal: 'dns', secret: 'geheim' } },
      },
    );
    const expected = `Basic ${Buffer.from('dns:geheim').toString('base64')}`;
    expect(new Set(master.asked.map(({ authorization }) => authorization))).toEqual(new Set([expected]));
  });

  test('that is not found in time ends it, as the real one', async () => {
    const { dns } = await startTestDns({ config: { masters: ['127.0.0.1:1'], zkDetectionTimeout: 1 } });
    expect((await dns.failed)?.message).toBe('master detection timed out after 1s');
  });
});
