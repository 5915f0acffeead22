import { expect, test } from 'vitest';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import {
  finishAtOnce,
  jobOf,
  launchedBy,
  never,
  post,
  startTestChronos,
  startWithFakeMaster,
} from './chronos-for-test.ts';

/* The jobs of Chronos's own documentation (docs/docs/api.md), each posted as it stands there. */

const sample = {
  schedule: 'R10/2012-10-01T05:52:00Z/PT2S',
  name: 'SAMPLE_JOB1',
  epsilon: 'PT15M',
  command: "echo 'FOO' >> /tmp/JOB1_OUT",
  owner: 'bob@airbnb.com',
  async: false,
};

const camus = {
  name: 'camus_kafka2hdfs',
  command: '/srv/data-infra/kafka/camus/kafka_hdfs_job.bash',
  arguments: ['-verbose', '-debug'],
  shell: false,
  epsilon: 'PT30M',
  executor: '',
  executorFlags: '',
  retries: 2,
  owner: 'bofh@your-company.com',
  async: false,
  successCount: 190,
  errorCount: 3,
  lastSuccess: '2014-03-08T16:57:17.507Z',
  lastError: '2014-03-01T00:10:15.957Z',
  cpus: 1.0,
  disk: 10_240,
  mem: 1024,
  disabled: false,
  fetch: [{ uri: 'https://url-to-file', cache: false, extract: false, executable: false }],
  schedule: 'R/2014-03-08T20:00:00.000Z/PT2H',
  environmentVariables: [
    { name: 'JVMOPTS', value: '-Xmx1000m' },
    { name: 'JAVA_LIBRARY_PATH', value: '/usr/local/lib' },
  ],
};

const hive = {
  async: true,
  command: 'bash -x /srv/data-infra/jobs/hive_query.bash run_hive hostings-earnings-summary',
  epsilon: 'PT30M',
  errorCount: 0,
  lastError: '',
  lastSuccess: '2013-03-15T13:02:14.243Z',
  name: 'hostings_earnings_summary',
  owner: 'bob@airbnb.com',
  parents: ['db_export-airbed_hostings', 'db_export-airbed_reservation2s'],
  retries: 2,
  successCount: 100,
};

const docker = {
  schedule: 'R/2014-09-25T17:22:00Z/PT2M',
  name: 'dockerjob',
  container: {
    type: 'DOCKER',
    image: 'libmesos/ubuntu',
    network: 'BRIDGE',
    volumes: [{ containerPath: '/var/log/', hostPath: '/logs/', mode: 'RW' }],
  },
  cpus: '0.5',
  mem: '512',
  fetch: [],
  command: 'while sleep 10; do date =u %T; done',
};

const containerized = {
  type: 'MESOS',
  forcePullImage: true,
  image: 'debian',
  networkInfos: [{ name: 'mynet', labels: [{ key: 'service', value: 'test' }] }],
  volumes: [
    { containerPath: '/var/log/', hostPath: '/logs/', mode: 'RW' },
    {
      mode: 'RW',
      containerPath: '/tmp',
      external: { name: 'test', provider: 'local-persist', options: [{ key: 'mountpoint', value: '/tmp/test' }] },
    },
  ],
};

const big = [{ id: 'S0', cpus: 8, mem: 8000 }];

const environmentOf = ({ command }: TaskInfo): Record<string, unknown> =>
  Object.fromEntries((command?.environment?.variables ?? []).map(({ name, value }) => [name, value]));

test('the first sample is run ten times, two seconds apart, and keeps every field', async () => {
  const { client, master } = await startWithFakeMaster({ agents: big, onLaunch: finishAtOnce });
  await post(client, sample);
  const task = await launchedBy(master, 1);
  expect(task).toMatchObject({
    name: 'ChronosTask:SAMPLE_JOB1',
    command: { shell: true, value: sample.command, user: 'root' },
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, role: '*' },
      { name: 'mem', scalar: { value: 128 } },
      { name: 'disk', scalar: { value: 256 } },
    ],
  });
  expect(task.task_id.value).toMatch(/^ct:\d{13}:0:SAMPLE_JOB1:$/);
  const job = await jobOf(client, 'SAMPLE_JOB1');
  expect(job).toMatchObject({
    owner: 'bob@airbnb.com',
    retries: 2,
    epsilon: 'PT15M',
    scheduleTimeZone: '',
    async: false,
  });
  expect(job.schedule).toMatch(/^R9\/20\d\d-.*Z\/PT2S$/);
});

test('the sample job is shown as it was given', async () => {
  const { client } = await startTestChronos();
  // Disabled, or its time would be over by now, and another one in its place.
  const expected = { ...camus, disabled: true };
  await post(client, expected);
  expect(await jobOf(client, camus.name)).toEqual({
    ...expected,
    ...{ ownerName: '', description: '', taskInfoData: '', runAsUser: 'root', scheduleTimeZone: '' },
    ...{ softError: false, dataProcessingJobType: false, highPriority: false, concurrent: false },
    ...{ errorsSinceLastSuccess: 0, maxCompletionTime: 0, uris: [], constraints: [] },
  });
});

test('a command without a shell gets its arguments, its environment and what is fetched', async () => {
  const { client, master } = await startWithFakeMaster({ agents: big });
  await post(client, { ...camus, epsilon: '', disk: 100 });
  const task = await launchedBy(master, 1);
  expect(task.command).toMatchObject({
    shell: false,
    value: camus.command,
    // The name of the program is the first.
    arguments: [camus.command, '-verbose', '-debug'],
    uris: [{ value: 'https://url-to-file', cache: false, extract: false, executable: false }],
  });
  expect(environmentOf(task)).toMatchObject({
    JVMOPTS: '-Xmx1000m',
    JAVA_LIBRARY_PATH: '/usr/local/lib',
    CHRONOS_JOB_NAME: 'camus_kafka2hdfs',
    CHRONOS_JOB_OWNER: 'bofh@your-company.com',
    CHRONOS_JOB_RUN_ATTEMPT: '0',
    CHRONOS_RESOURCE_CPU: '1.0',
    CHRONOS_RESOURCE_MEM: '1024.0',
    HOST: '127.0.0.1',
    MESOS_TASK_ID: task.task_id.value,
    mesos_task_id: task.task_id.value,
  });
});

test('the dependent sample is there once its parents are', async () => {
  const { client } = await startTestChronos();
  await post(client, hive);
  expect((await client.get('/v1/scheduler/jobs')).body).toEqual([]);
  for (const name of hive.parents) await post(client, { name, command: 'true', schedule: never });
  expect(await jobOf(client, hive.name)).toMatchObject({
    ...{ parents: hive.parents, successCount: 100, lastError: '', async: true },
  });
  expect(await jobOf(client, hive.name)).not.toHaveProperty('schedule');
});

test('a Docker job is launched with its image, its network and its volumes', async () => {
  const { client, master } = await startWithFakeMaster({ agents: big });
  await post(client, docker);
  expect(await launchedBy(master, 1)).toMatchObject({
    container: {
      type: 'DOCKER',
      volumes: [{ container_path: '/var/log/', host_path: '/logs/', mode: 'RW' }],
      docker: { image: 'libmesos/ubuntu', network: 'BRIDGE', force_pull_image: false, parameters: [] },
    },
    resources: [{ scalar: { value: 0.5 } }, { scalar: { value: 512 } }, { scalar: { value: 256 } }],
  });
});

test('a Docker job may force a pull, and pass words to docker', async () => {
  const { client, master } = await startWithFakeMaster({ agents: big });
  const parameters = [
    { key: 'a-docker-option', value: 'xxx' },
    { key: 'b-docker-option', value: 'yyy' },
  ];
  await post(client, {
    ...docker,
    container: { type: 'DOCKER', image: 'libmesos/ubuntu', forcePullImage: true, parameters },
  });
  expect((await launchedBy(master, 1)).container?.docker).toEqual({
    image: 'libmesos/ubuntu',
    network: 'HOST',
    force_pull_image: true,
    parameters,
  });
});

test('a containerized job has its image, networks, and external volumes', async () => {
  const { client, master } = await startWithFakeMaster({ agents: big });
  await post(client, { name: 'contained', command: 'true', schedule: 'R1//PT1M', container: containerized });
  expect((await launchedBy(master, 1)).container).toEqual({
    type: 'MESOS',
    volumes: [
      { container_path: '/var/log/', host_path: '/logs/', mode: 'RW' },
      {
        container_path: '/tmp',
        mode: 'RW',
        source: {
          type: 'DOCKER_VOLUME',
          docker_volume: {
            ...{ driver: 'local-persist', name: 'test' },
            driver_options: { parameter: [{ key: 'mountpoint', value: '/tmp/test' }] },
          },
        },
      },
    ],
    network_infos: [{ name: 'mynet', labels: { labels: [{ key: 'service', value: 'test' }] } }],
    mesos: { image: { type: 'DOCKER', docker: { name: 'debian' }, cached: false } },
  });
  const shown = (await jobOf(client, 'contained')).container;
  expect(shown).toEqual({
    ...containerized,
    ...{ network: 'HOST', parameters: [] },
    networkInfos: [{ ...containerized.networkInfos[0], portMappings: [] }],
  });
});

test('a time zone takes precedence over that of the schedule', async () => {
  const { client } = await startTestChronos();
  const pacific = { schedule: 'R/2999-10-10T18:32:00Z/PT60M', scheduleTimeZone: 'PST' };
  await post(client, { name: 'pacific', command: 'true', ...pacific });
  expect(await jobOf(client, 'pacific')).toMatchObject(pacific);
});

test.each([
  [[['rack', 'EQUALS', 'rack-1']], 'S1'],
  [[['rack', 'LIKE', 'rack-[1-3]']], 'S1'],
  [[['rack', 'UNLIKE', 'rack-[1-3]']], 'S4'],
  [[['cores', 'LIKE', '4\\.0']], 'S4'],
  [
    [
      ['rack', 'LIKE', 'rack-\\d'],
      ['hostname', 'EQUALS', '127.0.0.1'],
      ['rack', 'UNLIKE', '.*-1'],
    ],
    'S4',
  ],
])('constraints %j lead to agent %s', async (constraints, agent) => {
  const rack = (id: string, text: string, cores: number) => ({
    id,
    attributes: [
      { name: 'rack', type: 'TEXT' as const, text: { value: text } },
      { name: 'cores', type: 'SCALAR' as const, scalar: { value: cores } },
    ],
  });
  const agents = [{ id: 'S0' }, rack('S1', 'rack-1', 2), rack('S4', 'rack-4', 4)];
  const { client, master } = await startWithFakeMaster({ agents });
  await post(client, { name: 'placed', command: 'true', schedule: 'R1//PT1M', constraints });
  expect((await launchedBy(master, 1)).agent_id.value).toBe(agent);
});

test('a job with neither a schedule nor parents is run once, now', async () => {
  const { client, master } = await startWithFakeMaster({ onLaunch: finishAtOnce });
  await post(client, { name: 'now', command: 'true' });
  await launchedBy(master, 1);
  expect(await jobOf(client, 'now')).toMatchObject({ schedule: expect.stringMatching(/^R0\/.*\/PT24H$/) });
});

test('an executor of its own gets its data, and a command that is a URL is fetched', async () => {
  const { client, master } = await startWithFakeMaster();
  const executor = { executor: '/bin/own', executorFlags: '-av', uris: ['http://h/own'] };
  await post(client, { name: 'own', command: 'x y', schedule: 'R1//PT1M', maxCompletionTime: 60, ...executor });
  const task = await launchedBy(master, 1);
  expect(task).toMatchObject({
    max_completion_time: { nanoseconds: 60e9 },
    executor: { executor_id: { value: 'own' }, command: { value: '/bin/own', uris: [{ value: 'http://h/own' }] } },
  });
  expect(Buffer.from(task.data ?? '', 'base64').toString()).toBe('-av|x y');
  await post(client, { name: 'fetched', command: 'http://h/dir/run.sh', schedule: 'R1//PT1M' });
  expect((await launchedBy(master, 2)).command).toMatchObject({
    uris: [{ value: 'http://h/dir/run.sh', executable: true }],
    value: '"./run.sh"',
  });
});
