import { onTestFinished, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../../platform/processes/processes.ts';
import { nodeSurvivors } from '../../../../platform/processes/surviving/surviving-process.ts';
import { nodeSandboxes } from '../../../../platform/files/sandboxes.ts';
import { openLogFile } from '../../../../platform/files/log-file.ts';
import { mesosDns } from '../../../../runtimes/lite/mesos-dns/mesos-dns.ts';
import { runProgram, type RunWorld } from '../../../../runtimes/lite/run-program.ts';
import { startFakeMaster } from '../../../engine/mesos-dns/fake-master.ts';

/** Runs it until its log has these words. */
async function run(words: readonly string[], config: unknown, untilSaid = 'Listening at') {
  const controller = new AbortController();
  const [out, err]: [string[], string[]] = [[], []];
  const world: RunWorld = {
    environment: {},
    readFile: () => (config === undefined ? undefined : JSON.stringify(config)),
    own: { hostname: () => 'box', resolve: () => Promise.resolve('127.0.0.1') },
    processes: nodeProcesses,
    survivors: nodeSurvivors,
    afterwards: () => undefined,
    sandboxes: nodeSandboxes,
    stdout: { write: (text) => out.push(text), isTerminal: false },
    stderr: {
      write: (text) => {
        err.push(text);
        if (text.includes(untilSaid)) controller.abort();
      },
      isTerminal: false,
    },
    openLog: openLogFile,
    signal: controller.signal,
    now: () => new Date('2026-11-20T01:02:03.004Z'),
    onUncaughtError: () => undefined,
    onUserSignal: () => undefined,
    sleep: () => new Promise(() => undefined),
  };
  const exitCode = await runProgram('mesos-dns', mesosDns, words, world);
  return { exitCode, stdout: out.join(''), stderr: err.join('') };
}

const local = { listener: '127.0.0.1', httplistener: '127.0.0.1', port: 0, httpport: 0 };

describe('mesos-dns of the lite set', () => {
  it('says its version and its flags', async () => {
    expect((await run(['-version'], undefined)).stdout).toMatch(/^v0\.6\.0 .*lite/);
    expect((await run(['-help'], undefined)).stdout).toContain('-config string');
  });

  it('follows a master, and says which keys do nothing', async () => {
    const master = await startFakeMaster();
    onTestFinished(() => master.stop());
    const config = { ...local, masters: [master.authority], email: 'root.mesos-dns.mesos' };
    const { exitCode, stderr } = await run(['-config=/c.json', '-v=1'], config, 'following');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`VERBOSE: 2026/11/20 01:02:03 following ${master.url}\n`);
    expect(stderr).toContain('/c.json: Mesos-DNS has no key email: it has no effect');
    expect(stderr).toContain('Mesos-DNS configuration: {"RefreshSeconds":60');
  });

  it('ends with 1 when no master is found in time, and when its configuration is wrong', async () => {
    const lost = await run(
      ['-config=/c.json'],
      { ...local, masters: ['127.0.0.1:1'], zkDetectionTimeout: 1 },
      '(never)',
    );
    expect(lost.exitCode).toBe(1);
    expect(lost.stderr).toContain('master detection timed out after 1s');
    const wrong = await run(['-config=/c.json'], {});
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain('/c.json: service validation failed: specify Mesos masters');
    const unknown = await run(['-conf=/c.json'], {});
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('flag provided but not defined: -conf'),
    ]);
  });
});
