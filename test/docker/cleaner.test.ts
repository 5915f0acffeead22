import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cleanerScript } from '../../generators/compose/cleaner.ts';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImages, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { docker, hostEngine } from './support/engine.ts';
import { runningTasks, writeApp } from './support/real-nginx.ts';
import { until, untilTrue } from './support/until.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

/** Fewer than the engine's own agent keeps: whatever is removed beyond that, the cleaner has removed. */
const kept = 3;
const filledMb = 20;
/** What has just ended stays for 10 s, and a machine may be busy. */
const deadlineMs = 60_000;

const app = (id: string, cmd: string) => ({
  ...{ id, cmd, cpus: 0.1, mem: 32, instances: 1, backoffSeconds: 1, backoffFactor: 1 },
  container: { type: 'DOCKER', docker: { image: 'nginx:1.27', network: 'BRIDGE' } },
});

describe.skipIf(!hasDocker)('an agent with an Engine of its own', () => {
  let lab: DockerLab;
  const partOf = (service: string) => `${lab.name}-${service}-1`;
  /** Docker, as the Engine of the agent. */
  const inside = (...words: readonly string[]) =>
    docker(hostEngine, 'exec', partOf('agent1-docker'), 'docker', ...words);
  const list = async (...words: readonly string[]) =>
    (await inside(...words)).split('\n').filter((line) => line !== '');
  const logOf = async (service: string) => (await lab.run('logs', service)).stdout;

  beforeAll(async () => {
    lab = await dockerLab({ counts: { agents: 1 }, timing: 'fast', cleaner: { containers: kept } });
    await upAndVerified(lab);
  }, 120_000);
  afterAll(() => lab.remove());

  it('keeps so many ended containers of an app that crashes in a loop, says what it removed, and touches no others', async () => {
    await lab.run('deploy', writeApp(lab, app('steady', 'sleep 3600')), '--wait');
    const [steady] = await runningTasks(lab, 'steady');
    // Called as those of Mesos are, but none of them started these.
    const strangers = ['mesos-11111111-2222-3333-4444-555555555555', 'mesos-master'];
    for (const name of strangers) await inside('run', '--name', name, 'nginx:1.27', 'sh', '-c', 'exit 1').catch(String);

    const fill = `dd if=/dev/zero of=/filled bs=1048576 count=${String(filledMb)}; exit 3`;
    await lab.run('deploy', writeApp(lab, app('crashing', fill)));
    const removed = await until('removed by the cleaner', deadlineMs, async () => {
      const log = await logOf('agent1-cleaner');
      const found = [
        ...log.matchAll(/removed container (mesos-[0-9a-f-]{36}), .* exit code 3: more than 3 had ended/g),
      ];
      return found.length >= 4 ? { value: found.map(([, name = '']) => name) } : { seen: log };
    });
    await lab.run('scale', 'crashing', '0');

    const ended = () => list('ps', '--all', '--filter', 'status=exited', '--format', '{{.Names}}');
    const ofTasks = async () => (await ended()).filter((name) => !strangers.includes(name));
    await untilTrue('down to what is kept', deadlineMs, async () => (await ofTasks()).length <= kept);
    expect((await ended()).filter((name) => strangers.includes(name)).toSorted()).toEqual(strangers);
    expect(await ofTasks()).not.toEqual(expect.arrayContaining(removed.slice(0, 1)));
    expect(await runningTasks(lab, 'steady')).toEqual([steady]);
    const sizes = await list('ps', '--all', '--size', '--filter', 'status=exited', '--format', '{{.Size}}');
    const megabytes = sizes.map((size) => (/^([\d.]+)MB/.exec(size) ?? ['', '0'])[1]).map(Number);
    // What one has written, MiB, is some more in MB.
    expect(megabytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(kept * (filledMb + 2));
  });

  it('loses images without a tag that are too many, unless a container has them', async () => {
    const commit = async (name: string) => {
      await inside('create', '--name', name, 'nginx:1.27', 'sleep', '3600');
      return inside('commit', name);
    };
    const [used, unused] = [await commit('first'), await commit('second')];
    await inside('run', '--detach', '--name', 'user', used);
    // The program of the cleaner, with minutes that are shorter, beside the one of the lab.
    const script = cleanerScript().replace(/^minute=60$/m, 'minute=2');
    expect(script).not.toBe(cleanerScript());
    const name = `${lab.name}-quick-cleaner`;
    onTestFinished(async () => {
      await docker(hostEngine, 'rm', '--force', '--volumes', name);
    });
    const settings = { CONTAINERS: '100', AGE_SECONDS: '3600', IMAGES_MB: '0', WORK_DIR: '/var/lib/mesos' };
    await docker(
      hostEngine,
      ...['run', '--detach', '--name', name, '--network', 'none', '--entrypoint', 'sh'],
      ...['--volumes-from', partOf('agent1-cleaner')],
      ...Object.entries(settings).flatMap(([key, value]) => ['--env', `CLEANER_${key}=${value}`]),
      ...[localImages.overrides['docker-engine'].image, '-c', script],
    );
    await untilTrue('removed', deadlineMs, async () =>
      (await docker(hostEngine, 'logs', name)).includes(`removed image ${unused} of `),
    );
    const images = await list('image', 'ls', '--no-trunc', '--format', '{{.Repository}} {{.ID}}');
    expect(images.filter((line) => line.includes(used))).toHaveLength(1);
    expect(images.filter((line) => line.includes(unused))).toEqual([]);
    expect(images.filter((line) => line.startsWith('nginx '))).toHaveLength(1);
  });

  it('has a cleaner that ends at once when it is told to', async () => {
    await lab.run('stop', 'agent1-cleaner');
    const cleaner = partOf('agent1-cleaner');
    // Of SIGTERM, not of SIGKILL 10 s later.
    expect(await docker(hostEngine, 'inspect', '--format', '{{.State.ExitCode}}', cleaner)).toBe('143');
    await lab.run('start', 'agent1-cleaner');
    await untilTrue('cleaning again', deadlineMs, async () => {
      const state = await docker(hostEngine, 'inspect', '--format', '{{.State.Running}}', cleaner);
      return state === 'true' && (await logOf('agent1-cleaner')).split('keeps 3 containers').length === 3;
    });
  });
});
