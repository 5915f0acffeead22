import { describe, expect, it } from 'vitest';
import { FakeRegistry } from '../../../checks/registry/fake-registry.ts';
import { recordingReporter } from '../../start-options.ts';
import { ended, untilAborted } from '../fake-docker.ts';
import { fakeLab } from '../fake-lab.ts';

const hex = (digit: string) => digit.repeat(64);
const look = [
  `R repositories/web/_manifests/revisions/sha256/${hex('1')}/link`,
  `R repositories/web/_manifests/revisions/sha256/${hex('2')}/link`,
  `T repositories/web/_manifests/tags/1/current/link:sha256:${hex('2')}`,
  '',
].join('\n');

/** A lab on a fake Engine whose registry is a fake; what its container is asked is as the real one says it. */
async function registryLab({ role = 'registry', state = 'running' } = {}) {
  const fake = await new FakeRegistry().start();
  const lab = await fakeLab({ addons: ['registry'], ports: { registry: Number(new URL(fake.url).port) } });
  const { docker, container, directory, plan, runtime } = lab;
  docker.containers.push(container('registry', { role: 'registry' }));
  if (role !== 'registry') docker.containers.push(container(role, { role, state }));
  else docker.containers.splice(0, 1, container('registry', { role, state }));
  let kilobytes = 9000;
  docker.answers.push(
    [
      'container inspect',
      ended(0, JSON.stringify([{ Image: 'sha256:abc', Args: ['serve', '/etc/docker/registry/config.yml'] }])),
    ],
    ['du -sk', () => ended(0, `${String(kilobytes)}\n`)],
    ['_manifests/revisions/*/link', ended(0, look)],
    [
      'garbage-collect',
      (_signal, _env, onLine) => {
        onLine?.('2 blobs marked, 3 blobs and 0 manifests eligible for deletion');
        kilobytes = 4000;
        return [];
      },
    ],
  );
  const tell = recordingReporter();
  const clean = (signal = new AbortController().signal) => runtime.images?.clean?.({ plan, directory, tell, signal });
  const done = () =>
    docker.asked.flatMap((command) => {
      const [, verb = ''] = /^docker (stop|start|rm|run) /.exec(command) ?? [];
      const script = ['rm -rf', 'du -sk', 'revisions/*/link', 'garbage-collect'].find((part) => command.includes(part));
      return verb === '' ? [] : [verb === 'run' ? (script ?? command) : verb];
    });
  return { ...lab, fake, clean, done };
}

describe('cleaning the registry', () => {
  it('stops it, removes what nothing names, and starts it again', async () => {
    const { clean, done, docker, fake } = await registryLab();
    expect(await clean()).toEqual({ beforeBytes: 9_216_000, afterBytes: 4_096_000, manifests: 1 });
    expect(done()).toEqual([
      'stop',
      'rm',
      'du -sk',
      'revisions/*/link',
      'rm -rf',
      'garbage-collect',
      'du -sk',
      'rm',
      'start',
    ]);
    expect(docker.asked.find((command) => command.includes('rm -rf'))).toMatch(` sh web sha256 ${hex('1')}`);
    expect(docker.asked.find((command) => command.includes('garbage-collect'))).toMatch(
      / \/etc\/docker\/registry\/config\.yml$/,
    );
    // Distribution would take what lists name as well.
    expect(docker.asked.join()).not.toMatch(/delete-untagged|-m /);
    expect(fake.asked).toEqual(['GET /v2/_catalog?n=1']);
  });

  it('does so in a container of the same image, with its volume and without a network', async () => {
    const { clean, docker } = await registryLab();
    await clean();
    const runs = docker.asked.filter((command) => command.startsWith('docker run '));
    const start =
      /^docker run --rm --name lab-registry-1-clean --volumes-from id-registry --network none --pull never --entrypoint sh sha256:abc -c /;
    expect(runs.filter((command) => !start.test(command))).toEqual([]);
  });

  it('means what is behind the gate, where there is one', async () => {
    const { clean, docker } = await registryLab({ role: 'registry-store' });
    await clean();
    expect(docker.asked.filter((command) => /^docker (?:stop|start) /.test(command))).toEqual([
      'docker stop id-registry-store',
      'docker start id-registry-store',
    ]);
  });

  it('waits until the registry answers again', async () => {
    const { clean, fake } = await registryLab();
    let asked = 0;
    fake.answerTo = (_, response) => {
      asked += 1;
      if (asked > 3) return false;
      response.writeHead(503).end();
      return true;
    };
    await clean();
    expect(asked).toBe(4);
  });

  it('starts it again after Ctrl-C, and ends what was running', async () => {
    const { clean, done, docker } = await registryLab();
    const interrupting = new AbortController();
    docker.answers.unshift([
      'garbage-collect',
      (signal) => {
        interrupting.abort('SIGINT');
        return untilAborted(signal);
      },
    ]);
    await expect(clean(interrupting.signal)).rejects.toBe('SIGINT');
    expect(done().slice(-3)).toEqual(['garbage-collect', 'rm', 'start']);
    expect(docker.asked).toContain('docker rm --force lab-registry-1-clean');
  });

  it('starts it again when the collection fails, and says why', async () => {
    const { clean, done, docker } = await registryLab();
    docker.answers.unshift(['garbage-collect', ended(1, '', 'failed to mark: no space left on device')]);
    await expect(clean()).rejects.toMatchObject({
      problems: [{ code: 'COMMAND_FAILED', found: expect.stringContaining('no space left on device') }],
    });
    expect(done().slice(-2)).toEqual(['rm', 'start']);
  });

  it('removes nothing when what is stored is not understood', async () => {
    const { clean, done, docker } = await registryLab();
    docker.answers.unshift(['revisions/*/link', ended(0, 'R something else\n')]);
    await expect(clean()).rejects.toThrow('nothing was removed');
    expect(done()).toEqual(['stop', 'rm', 'du -sk', 'revisions/*/link', 'rm', 'start']);
  });

  it('frees what the last image has left, too', async () => {
    const { clean, done, docker } = await registryLab();
    docker.answers.unshift(['revisions/*/link', ended(0, '')]);
    expect(await clean()).toEqual({ beforeBytes: 9_216_000, afterBytes: 4_096_000, manifests: 0 });
    expect(done()).toContain('garbage-collect');
  });

  it('leaves one that does not run as it is', async () => {
    const { clean, done } = await registryLab({ state: 'exited' });
    await expect(clean()).rejects.toMatchObject({
      problems: [{ code: 'LAB_NOT_RUNNING', found: 'registry is exited', fix: 'create-mesos-cluster start registry' }],
    });
    expect(done()).toEqual([]);
  });

  it('touches no image whose configuration is not known', async () => {
    const { clean, done, docker } = await registryLab();
    docker.answers.unshift(['container inspect', ended(0, '[{"Image":"sha256:abc","Args":[]}]')]);
    await expect(clean()).rejects.toThrow('not known as a registry of Distribution; nothing was done');
    expect(done()).toEqual([]);
  });
});
