import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from '../../../platform/files/log-file.ts';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { nodeSurvivors } from '../../../platform/processes/surviving/surviving-process.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { programs } from '../../../runtimes/lite/programs.ts';
import { runProgram, type RunWorld } from '../../../runtimes/lite/run-program.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lite-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program in this process, told to end as soon as it listens, unless it has ended before. */
async function run(
  name: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  changes: Partial<RunWorld> = {},
) {
  const program = programs.get(name);
  if (program === undefined) throw new Error(`no program ${name}`);
  const controller = new AbortController();
  const [out, err]: [string[], string[]] = [[], []];
  const world: RunWorld = {
    environment,
    readFile: () => undefined,
    own: { hostname: () => 'box', resolve: () => Promise.resolve('127.0.0.1') },
    processes: nodeProcesses,
    survivors: nodeSurvivors,
    afterwards: () => undefined,
    sandboxes: nodeSandboxes,
    stdout: { write: (text) => out.push(text), isTerminal: false },
    stderr: {
      write: (text) => {
        err.push(text);
        if (text.includes('Listening at')) controller.abort();
      },
      isTerminal: false,
    },
    openLog: openLogFile,
    signal: controller.signal,
    now: () => new Date('2026-11-20T01:02:03.004Z'),
    onUncaughtError: () => undefined,
    onUserSignal: () => undefined,
    sleep: () => new Promise(() => undefined),
    ...changes,
  };
  const exitCode = await runProgram(name, program, words, world);
  return { exitCode, stdout: out.join(''), stderr: err.join('') };
}

/** What a program that listens serves as its log. */
async function servedLog(name: string, words: readonly string[], process: string): Promise<string> {
  const ending = new AbortController();
  let text = '';
  const read = async (line: string) => {
    const [url = ''] = /http:\S+/.exec(line) ?? [];
    text = await (await fetch(`${url}/files/download?path=/${process}/log`)).text();
    ending.abort();
  };
  await run(name, words, onLoopback, {
    signal: ending.signal,
    stderr: {
      isTerminal: false,
      write: (line) => {
        if (line.includes('Listening at')) void read(line);
      },
    },
  });
  return text;
}

const onLoopback = { MESOS_IP: '127.0.0.1', MESOS_PORT: '0', MESOS_HOSTNAME: 'master1' };

describe('a program of the lite set', () => {
  it.each([...programs.keys()])('%s says what it takes, and its version', async (name) => {
    expect(await run(name, ['--help'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage: ') });
    expect(await run(name, ['--version'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('lite') });
  });

  it('ends with 0 when it is told to, and has logged with the time', async () => {
    const { exitCode, stderr } = await run('mesos-master', [`--work_dir=${folder}`], onLoopback);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^I1120 01:02:03\.004000 mesos-master\] Starting mesos 1\.12\.0 /);
    expect(stderr).toContain('Told to end');
  });

  it('lets an agent leave on SIGUSR1, and ends with 0', async () => {
    let leave: () => void = () => undefined;
    const leaveThen = () => {
      leave();
    };
    const [err, never] = [[] as string[], new AbortController()];
    const changes: Partial<RunWorld> = {
      signal: never.signal,
      onUserSignal: (callback) => (leave = callback),
      stderr: {
        isTerminal: false,
        write: (text) => {
          err.push(text);
          // A moment later it listens for the signal.
          if (text.includes('Listening at')) setImmediate(leaveThen);
        },
      },
    };
    const words = [`--work_dir=${folder}`, '--master=127.0.0.1:1', '--containerizers=mesos'];
    expect((await run('mesos-agent', words, onLoopback, changes)).exitCode).toBe(0);
    expect(err.join('')).toContain('Received SIGUSR1 signal; shutting down');
  });

  it('has what is to be done when an agent is gone find its folder from anywhere', async () => {
    const left: string[] = [];
    const ending = new AbortController();
    const words = [`--work_dir=${relative(process.cwd(), folder)}`, '--master=127.0.0.1:1', '--containerizers=mesos'];
    await run('mesos-agent', words, onLoopback, {
      signal: ending.signal,
      afterwards: (_waitMs, { 2: workDir = '' }) => {
        left.push(workDir);
        ending.abort();
      },
    });
    expect(left).toEqual([folder]);
  });

  it('says once which flags mean nothing here, and not of those that nobody would miss', async () => {
    const words = [`--work_dir=${folder}`, '--acls={}', '--registry=replicated_log', '--no-hostname_lookup'];
    const { stderr } = await run('mesos-master', words, onLoopback);
    expect(stderr.match(/has no effect/g)).toHaveLength(1);
    expect(stderr).toContain('--acls has no effect in the lite set');
  });

  it.each([
    [
      '{"docker":[{"network_mode":"HOST"}]}',
      'Configuring DNS for HOST network with `--default_container_dns` is not yet',
    ],
    ['{"docker":[{"dns":{}}]}', 'UNKNOWN network mode configured in `--default_container_dns`'],
    [
      '{"docker":[{"network_mode":"BRIDGE"},{"network_mode":"BRIDGE"}]}',
      'Multiple DNS configuration for Docker default bridge network',
    ],
    [
      '{"docker":[{"network_mode":"USER","network_name":"a"},{"network_mode":"USER","network_name":"a"}]}',
      "Multiple DNS configuration with the same network name 'a' for user-defined CNM network",
    ],
  ])('refuses name servers for containers as Mesos does: %s', async (text, message) => {
    const words = [`--work_dir=${folder}`, '--master=127.0.0.1:1', `--default_container_dns=${text}`];
    const { exitCode, stderr } = await run('mesos-agent', words, onLoopback);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it('writes its log into --log_dir too', async () => {
    const logs = join(folder, 'logs');
    await run('mesos-master', [`--work_dir=${folder}`, `--log_dir=${logs}`], onLoopback);
    expect(readFileSync(join(logs, 'mesos-master.INFO'), 'utf8')).toContain('Listening at http://127.0.0.1:');
  });

  it.each([
    ['mesos-master', 'master'],
    ['mesos-agent', 'slave'],
  ])('%s serves the log that is in --log_dir, or the one of --external_log_file', async (name, process) => {
    const words = [`--work_dir=${folder}`, `--log_dir=${folder}`, '--containerizers=mesos', '--master=127.0.0.1:1'];
    const own = name === 'mesos-master' ? words.slice(0, 2) : words;
    expect(await servedLog(name, own, process)).toContain('Starting mesos');
    writeFileSync(join(folder, 'other.log'), 'of a supervisor');
    const other = await servedLog(name, [...own, `--external_log_file=${folder}/other.log`], process);
    expect(other).toBe('of a supervisor');
  });

  it('ends with 1 when its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { exitCode, stderr } = await run('mesos-master', [`--work_dir=${folder}`, `--port=${port}`], {
      MESOS_IP: '127.0.0.1',
    });
    server.close();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Failed to bind on 127.0.0.1:${port}: Address already in use`);
  });

  it('ends with 1 and the stack when nobody caught an error', async () => {
    const changes: Partial<RunWorld> = {
      onUncaughtError: (callback) => {
        callback(new Error('a bug'));
      },
    };
    const { exitCode, stderr } = await run('mesos-master', [`--work_dir=${folder}`], onLoopback, changes);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Uncaught Error: a bug\n\s+at /);
  });

  it('ends with 1 when its own name does not resolve and no address is given', async () => {
    const own = { hostname: () => 'box', resolve: () => Promise.resolve(undefined) };
    const { exitCode, stderr } = await run('mesos-master', [`--work_dir=${folder}`, '--port=0'], {}, { own });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Failed to obtain the IP address for 'box'");
  });
});

describe('what a mistake does', () => {
  const agent = { MESOS_WORK_DIR: '/w', MESOS_MASTER: '127.0.0.1:5050' };
  const master = { MESOS_WORK_DIR: '/w', MESOS_QUORUM: '1' };
  it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['mesos-master', [], {}, '--work_dir needed for replicated log based registry'],
    [
      'mesos-master',
      [],
      { MESOS_WORK_DIR: '/w', MESOS_ZK: 'zk://z:2181/mesos' },
      'Need to specify --quorum for replicated log based registry when using ZooKeeper',
    ],
    ['mesos-master', ['--registry=disk'], {}, "'disk' is not a supported option for registry persistence"],
    ['mesos-master', ['--zk=zk://z:2181'], master, "Expecting a (chroot) path for ZooKeeper ('/' is not supported)"],
    [
      'mesos-master',
      ['--zk=z:2181/mesos'],
      master,
      "Error parsing ZooKeeper URL: Expecting 'zk://' at the beginning of the URL",
    ],
    ['mesos-master', ['--logging_level=DEBUG'], master, "'DEBUG' is not a valid logging level."],
    ['mesos-agent', ['--master=m:5050'], {}, "Flag 'work_dir' is required, but it was not provided"],
    ['mesos-agent', ['--work_dir=/w'], {}, 'Missing required option `--master` or `--master_detector`.'],
    ['mesos-agent', ['--work_dir=/w', '--master=m'], {}, "Failed to create a master detector: Failed to parse 'm'"],
    ['mesos-agent', ['--attributes=rack'], agent, "Invalid attribute key:value pair 'rack'"],
    ['mesos-agent', ['--resources=cpus:abc'], agent, 'Bad type for resource cpus value abc type TEXT'],
    [
      'mesos-agent',
      ['--containerizers=docker,lxc'],
      agent,
      'Failed to create a containerizer: Unknown or unsupported containerizer: lxc',
    ],
    ['mesos-agent', ['--recover=yes'], agent, "Unknown option for 'recover' flag yes."],
    ['marathon', [], {}, "[scallop] Error: Required option 'master' not found"],
    ['marathon', ['--master', 'm:5050', '--zk', 'z:2181'], {}, "Bad arguments for option 'zk': 'z:2181'"],
  ])('%s %j', async (name, words, environment, expected) => {
    const { exitCode, stderr } = await run(name, words, environment);
    expect(exitCode).toBe(1);
    expect(stderr.split('\n')[0]).toContain(expected);
    expect(stderr).toContain(`${name} --help says what it takes`);
  });
});
