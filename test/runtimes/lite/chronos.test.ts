import { expect, test } from 'vitest';
import { chronos } from '../../../runtimes/lite/chronos/chronos.ts';

const prepare = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  chronos.prepare(words, { environment, readFile: () => undefined });

const needed = ['--master', 'zk://a:2181/mesos', '--zk_hosts', 'a:2181,b:2181'];

test('what the image is started with in a lab means something to it', () => {
  expect(prepare([...needed, '--hostname', 'h'], { PORT0: '4400', PORT1: '4401', JVM_OPTS: '-Xmx512m' })).toMatchObject(
    {
      withoutEffect: [],
    },
  );
});

test('flags may have a letter, a value behind a sign, and be switched off', () => {
  const words = [
    '-z',
    'a:2181',
    '--master=a:5050',
    '--disable_mesos_checkpoint',
    '-u',
    'nobody',
    '--mesos_task_cpu=0.5',
  ];
  expect(prepare(words).withoutEffect).toEqual([]);
  expect(prepare([...needed, '--mail_server', 'm:25', '--slack_url', 'http://s']).withoutEffect).toEqual([
    'mail_server',
    'slack_url',
  ]);
});

test.each([
  [['--nonsense'], "[scallop] Error: Unknown option 'nonsense'"],
  [
    [...needed, '--mesos_task_cpu', 'much'],
    "Bad arguments for option 'mesos_task_cpu': 'much' - wrong arguments format",
  ],
  [[...needed, '--http_port', '80 80'], "Bad arguments for option 'http_port'"],
  [['--zk_hosts', 'a:2181'], "Bad arguments for option 'master': 'local'"],
  [['--master', 'a:5050', '--zk_hosts', 'a:x'], "Bad arguments for option 'zk_hosts': 'a:x'"],
  [['--master', 'a:5050', '--zk_path', 'chronos'], "Bad arguments for option 'zk_hosts'"],
])('%j is refused', (words, message) => {
  expect(() => prepare(words)).toThrow(message);
});
