import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { untilNetworkIsGone } from '../../generators/compose/pod-watch.ts';
import { planCluster } from '../../spec/plan-cluster.ts';
import { readCompose } from '../support/compose-file.ts';

/** Runs a command behind the entry point, as a container does, and sends it a signal when it has said something. */
async function run(command: readonly string[], signal?: NodeJS.Signals) {
  const [program = '', ...words] = [...untilNetworkIsGone(), ...command];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    if (signal !== undefined) child.kill(signal);
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  // In a container the watch ends with the first process; here it has to be ended.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  return { code, said };
}

describe('the entry point of the containers of a pod', () => {
  it('keeps the exit code of the program', async () => {
    expect((await run(['sh', '-c', 'exit 7'])).code).toBe(7);
  });

  it('passes a signal on, and waits for the end', async () => {
    const program = 'trap "echo ends; exit 3" TERM; echo starts; while :; do sleep 0.05; done';
    expect(await run(['sh', '-c', program], 'SIGTERM')).toEqual({ code: 3, said: 'starts\nends\n' });
  });

  it('passes on the signal with which an agent unregisters', async () => {
    const program = 'trap "echo leaves; exit 0" USR1; echo starts; while :; do sleep 0.05; done';
    expect(await run(['sh', '-c', program], 'SIGUSR1')).toEqual({ code: 0, said: 'starts\nleaves\n' });
  });

  it('gives the program its words as they are', async () => {
    expect((await run(['echo', 'a b', '$HOME', '*'])).said).toBe('a b $HOME *\n');
  });

  it.each([
    ['lite', undefined],
    ['clusterd', 'service:agent1-node'],
  ] as const)('takes the place of a shared pid namespace with the image set %s', (set, pid) => {
    const plan = planCluster({ name: 'pods', images: { set } });
    const { services } = readCompose(composeFiles(plan)[0]?.content ?? '');
    for (const name of ['agent1', 'agent1-docker']) {
      expect(services[name], name).toMatchObject({ network_mode: 'service:agent1-node' });
      expect((services[name] as { readonly pid?: string }).pid, name).toBe(pid);
      expect('entrypoint' in (services[name] ?? {}), name).toBe(set === 'lite');
    }
  });
});
