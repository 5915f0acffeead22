import { describe, expect, test } from 'vitest';
import { containerEnvironment, passEnvironment } from '../../../engine/agent/docker/container-environment.ts';
import { runWords, type RunSettings } from '../../../engine/agent/docker/run-words.ts';
import type { ContainerInfo, TaskInfo } from '../../../protocol/mesos.ts';

const settings: RunSettings = {
  name: 'mesos-c1',
  sandbox: '/w/sandbox',
  sandboxDirectory: '/mnt/mesos/sandbox',
  enableCfs: false,
  environmentWords: ['--env-file', '/w/c1.env'],
};

interface Given {
  readonly docker?: Partial<ContainerInfo['docker']>;
  readonly container?: Partial<ContainerInfo>;
  readonly task?: Partial<TaskInfo>;
  readonly cpus?: number;
  readonly mem?: number;
  readonly settings?: Partial<RunSettings>;
}

const given = ({ docker, container, task, cpus = 0.5, mem = 64 }: Given): TaskInfo => ({
  name: 'web',
  task_id: { value: 'web.1' },
  agent_id: { value: 'S0' },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: cpus } },
    { name: 'mem', type: 'SCALAR', scalar: { value: mem } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 31_005 }] } },
  ],
  command: { shell: false },
  container: { type: 'DOCKER', docker: { image: 'nginx', network: 'BRIDGE', ...docker }, ...container },
  ...task,
});

const wordsOf = (one: Given) => runWords(given(one), { ...settings, ...one.settings }).join(' ');

// Docker::RunOptions::create and Docker::run of Mesos 1.11, src/docker/docker.cpp, say the same of each.
const rules: readonly (readonly [string, Given, string])[] = [
  ['shares of the processor', {}, '--cpu-shares 512'],
  [
    'a persistent volume is in the sandbox',
    { settings: { volumes: [{ folder: '/w/volumes/roles/dev/v', containerPath: 'data', isReadOnly: false }] } },
    '-v /w/volumes/roles/dev/v:/mnt/mesos/sandbox/data:rw',
  ],
  [
    'a path in the sandbox that is in a persistent volume',
    {
      container: { volumes: [{ host_path: 'data/sub', container_path: '/var/lib/mysql', mode: 'RW' }] },
      settings: { volumes: [{ folder: '/w/volumes/roles/dev/v', containerPath: 'data', isReadOnly: false }] },
    },
    '-v /w/volumes/roles/dev/v/sub:/var/lib/mysql:rw',
  ],
  ['few shares are at least two', { cpus: 0.001 }, '--cpu-shares 2 '],
  ['shares are cut off, not rounded', { cpus: 0.1 }, '--cpu-shares 102 '],
  ['a ceiling for the processor, if the agent wants it', { settings: { enableCfs: true } }, '--cpu-quota 50000'],
  ['memory in bytes', {}, '--memory 67108864'],
  ['memory of 32 MB at least', { mem: 10 }, '--memory 33554432'],
  [
    'the name servers of the agent, in the network that they are for',
    {
      settings: {
        dns: [
          { network: 'user', servers: ['10.0.0.9'], search: [], options: [] },
          { network: 'bridge', servers: ['10.0.0.1', '10.0.0.2'], search: ['mesos'], options: ['ndots:1'] },
        ],
      },
      container: { hostname: 'web' },
    },
    '--net bridge --dns 10.0.0.1 --dns 10.0.0.2 --dns-search mesos --dns-opt ndots:1 --hostname web',
  ],
  ['privileges', { docker: { privileged: true } }, 'run --detach --privileged --cpu-shares'],
  ['a terminal', { container: { tty_info: {} } }, 'run --detach --tty --cpu-shares'],
  ['its environment', {}, '--env-file /w/c1.env'],
  ['its sandbox', {}, '-v /w/sandbox:/mnt/mesos/sandbox'],
  [
    'volumes of the host, which are writable unless they say otherwise',
    {
      container: {
        volumes: [
          { container_path: '/a', host_path: '/h', mode: 'RO' },
          { container_path: '/b', host_path: '/i' },
        ],
      },
    },
    '-v /h:/a:ro -v /i:/b:rw -v /w/sandbox:',
  ],
  [
    'volumes of the sandbox',
    { container: { volumes: [{ container_path: '/a', host_path: 'data', mode: 'RW' }] } },
    '-v /w/sandbox/data:/a:rw',
  ],
  [
    'places in the sandbox for volumes',
    { container: { volumes: [{ container_path: 'a', host_path: '/h', mode: 'RW' }] } },
    '-v /h:/mnt/mesos/sandbox/a:rw',
  ],
  [
    "Docker's own volumes",
    {
      container: {
        volumes: [
          {
            container_path: '/a',
            mode: 'RW',
            source: { type: 'DOCKER_VOLUME', docker_volume: { name: 'v', driver: 'd' } },
          },
        ],
      },
    },
    '-v v:/a:rw -v /w/sandbox:/mnt/mesos/sandbox --volume-driver=d',
  ],
  ['the bridge', {}, '--net bridge'],
  ['the network of the host, if none is named', { container: { docker: { image: 'x' } } }, '--net host'],
  ['no network', { docker: { network: 'NONE' } }, '--net none'],
  [
    'a network of the user',
    { docker: { network: 'USER' }, container: { network_infos: [{ name: 'blue' }] } },
    '--net blue',
  ],
  ['a hostname', { container: { hostname: 'web1' } }, '--net bridge --hostname web1'],
  [
    'ports',
    {
      docker: {
        port_mappings: [
          { host_port: 31_000, container_port: 80, protocol: 'TCP' },
          { host_port: 31_001, container_port: 53, protocol: 'udp' },
          { host_port: 31_002, container_port: 81 },
        ],
      },
    },
    '-p 31000:80/tcp -p 31001:53/udp -p 31002:81',
  ],
  ['its name', {}, '--name mesos-c1 nginx'],
  [
    'parameters, which come last',
    {
      docker: {
        parameters: [
          { key: 'label', value: 'a=b' },
          { key: 'rm', value: 'true' },
        ],
      },
    },
    '--name mesos-c1 --label=a=b --rm=true nginx',
  ],
  [
    'a shell command',
    { task: { command: { value: 'echo "$X" y' } } },
    '--entrypoint /bin/sh --name mesos-c1 nginx -c echo "$X" y',
  ],
  [
    'arguments for the entry point of the image',
    { task: { command: { shell: false, arguments: ['-g', 'daemon off;'] } } },
    '--name mesos-c1 nginx -g daemon off;',
  ],
  [
    'a program and arguments',
    { task: { command: { shell: false, value: 'nginx', arguments: ['-v'] } } },
    '--name mesos-c1 nginx nginx -v',
  ],
];

describe('docker run is told', () => {
  test.each(rules)('%s', (_, one, expected) => {
    expect(`${wordsOf(one)} `).toContain(expected);
  });

  test.each([
    ['HOST', []],
    ['NONE', []],
    ['USER', ['--dns=9.9.9.9']],
  ] as const)('no name server in the network %s, or where the task names one itself', (network, own) => {
    const dns = (['bridge', 'user'] as const).map((each) => ({
      ...{ network: each, servers: ['10.0.0.1'], search: [], options: [] },
    }));
    const parameters = own.length > 0 ? [{ key: 'dns', value: '9.9.9.9' }] : [];
    const container = { network_infos: [{ name: 'blue' }] };
    const words = runWords(given({ docker: { network, parameters }, container }), { ...settings, dns });
    expect(words.filter((word) => word.startsWith('--dns'))).toEqual(own);
  });

  test('the name server of its own network rather than that of all', () => {
    const dns = [
      { network: 'user' as const, servers: ['10.0.0.1'], search: [], options: [] },
      { network: 'user' as const, name: 'blue', servers: ['10.0.0.2'], search: [], options: [] },
    ];
    const inNetwork = (name: string): Given => ({
      docker: { network: 'USER' },
      container: { network_infos: [{ name }] },
    });
    expect(wordsOf({ ...inNetwork('blue'), settings: { dns } })).toContain('--net blue --dns 10.0.0.2 --name');
    expect(wordsOf({ ...inNetwork('red'), settings: { dns } })).toContain('--net red --dns 10.0.0.1 --name');
  });

  test('nothing else', () => {
    expect(runWords(given({}), settings)).toEqual([
      ...['run', '--detach', '--cpu-shares', '512', '--memory', '67108864', '--env-file', '/w/c1.env'],
      ...['-v', '/w/sandbox:/mnt/mesos/sandbox', '--net', 'bridge', '--name', 'mesos-c1', 'nginx'],
    ]);
  });
});

const refusals: readonly (readonly [string, Given])[] = [
  ['No docker info found in container info', { task: { container: { type: 'DOCKER' } } }],
  ['Shell specified but no command value provided', { task: { command: {} } }],
  ['Port [80] not included in resources', { docker: { port_mappings: [{ host_port: 80, container_port: 80 }] } }],
  [
    'Port mappings are only supported for bridge and user-defined networks',
    { docker: { network: 'HOST', port_mappings: [{ host_port: 31_000, container_port: 80 }] } },
  ],
  [
    'Port mappings require port resources',
    { docker: { port_mappings: [{ host_port: 31_000, container_port: 80 }] }, task: { resources: [] } },
  ],
  ['Unable to set hostname with host network mode', { docker: { network: 'HOST' }, container: { hostname: 'x' } }],
  ['No network info found in container info', { docker: { network: 'USER' } }],
  ['No network name found in network info', { docker: { network: 'USER' }, container: { network_infos: [{}] } }],
  [
    'Only a single network can be defined in Docker run',
    { docker: { network: 'USER' }, container: { network_infos: [{ name: 'a' }, { name: 'b' }] } },
  ],
  ['Host path or volume source is required', { container: { volumes: [{ container_path: '/a', mode: 'RW' }] } }],
  [
    "Both host_path 'h' and container_path 'a' of a volume are relative",
    { container: { volumes: [{ container_path: 'a', host_path: 'h', mode: 'RW' }] } },
  ],
];

test.each(refusals)("what cannot be run is refused in Mesos's words: %s", (message, one) => {
  expect(() => wordsOf(one)).toThrow(message);
});

describe('the environment of a container', () => {
  const environmentOf = (variables: Readonly<Record<string, string>>) =>
    containerEnvironment(
      given({
        task: {
          resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: 'blue' } }],
          command: { environment: { variables: Object.entries(variables).map(([name, value]) => ({ name, value })) } },
        },
      }),
      'mesos-c1',
      '/mnt/mesos/sandbox',
    );

  test('has what the task asks for, and what Mesos adds, which wins', () => {
    expect([...environmentOf({ B: '1', A: '', MESOS_SANDBOX: '/mine' })]).toEqual([
      ['A', ''],
      ['B', '1'],
      ['MESOS_ALLOCATION_ROLE', 'blue'],
      ['MESOS_CONTAINER_NAME', 'mesos-c1'],
      ['MESOS_SANDBOX', '/mnt/mesos/sandbox'],
      ['MESOS_TASK_ID', 'web.1'],
    ]);
    expect(environmentOf({ MESOS_TASK_ID: 'own' }).get('MESOS_TASK_ID')).toBe('own');
  });

  test('is passed in a file, or by the environment of the CLI where a file cannot hold it', () => {
    const long = 'x'.repeat(70_000);
    const variables = new Map([
      ['A', ' a = "b" # '],
      ['LINES', 'one\ntwo'],
      ['RETURN', 'x\r'],
      ['LONG', long],
      ['WITH SPACE', '1'],
      ['#HASH', '1'],
    ]);
    expect(passEnvironment(variables)).toEqual({
      fileText: 'A= a = "b" # \n',
      words: ['LINES', 'RETURN', 'LONG', 'WITH SPACE', '#HASH'].flatMap((name) => ['-e', name]),
      inherited: { LINES: 'one\ntwo', RETURN: 'x\r', LONG: long, 'WITH SPACE': '1', '#HASH': '1' },
    });
  });

  test('never changes the CLI itself', () => {
    const variables = new Map(
      ['DOCKER_HOST', 'PATH', 'HOME', 'LD_PRELOAD', 'https_proxy'].map((name) => [name, 'a\nb']),
    );
    const { inherited, words } = passEnvironment(variables);
    expect(inherited).toEqual({});
    expect(words).toContain('LD_PRELOAD=a\nb');
  });
});
