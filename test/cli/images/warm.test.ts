import { describe, expect, it } from 'vitest';
import { ended, type FakeContainer, type FakeDocker } from '../../runtimes/docker/fake-docker.ts';
import { fakeRegistryLab } from './fake-registry-lab.ts';

const newer = ['Status: Downloaded newer image for registry:5000/web:1'];
const there = ['Status: Image is up to date for registry:5000/web:1'];
const exited = (container: FakeContainer) => ({ ...container, state: 'exited' });
const pulls = ({ asked }: FakeDocker) => asked.filter((command) => command.includes(' pull '));

describe('images warm', () => {
  it('lets the Engine of each agent pull, and says of each what it did', async () => {
    const { run, docker } = await fakeRegistryLab();
    docker.answers.push(['id-agent1-docker docker pull', newer], ['id-agent2-docker docker pull', there]);
    const { exitCode, stdout, stderr } = await run('images', 'warm', 'registry:5000/web:1', 'registry:5000/web:1');
    expect([exitCode, stdout]).toEqual([
      0,
      [
        'ENGINE         IMAGE                RESULT',
        'agent1-docker  registry:5000/web:1  pulled',
        'agent2-docker  registry:5000/web:1  was there',
        '',
      ].join('\n'),
    ]);
    expect(stderr).toContain('agent1-docker: registry:5000/web:1 is pulled');
    expect(pulls(docker)).toEqual([
      'docker exec id-agent1-docker docker pull registry:5000/web:1',
      'docker exec id-agent2-docker docker pull registry:5000/web:1',
    ]);
  });

  it('pulls on all agents at the same time, and on each one image after the other', async () => {
    const { run, docker } = await fakeRegistryLab();
    const running: string[] = [];
    let goOn: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (goOn = resolve));
    docker.answers.push([
      'docker pull one:1',
      async () => {
        running.push('one');
        if (running.length === 2) goOn();
        // Neither ends before the other has begun.
        await both;
        return newer;
      },
    ]);
    expect(await run('images', 'warm', 'one:1', 'two:1')).toMatchObject({ exitCode: 0 });
    expect(pulls(docker).map((command) => command.replace(/^.*pull /, ''))).toEqual([
      'one:1',
      'one:1',
      'two:1',
      'two:1',
    ]);
  });

  it('goes on where one fails, says why once, and ends with 3', async () => {
    const { run, docker } = await fakeRegistryLab();
    const words = 'Error response from daemon: manifest for registry:5000/web:2 not found: manifest unknown';
    docker.answers.push(['docker pull registry:5000/web:2', ended(1, '', words)], ['pull one:1', newer]);
    const { exitCode, stdout, stderr } = await run('images', 'warm', 'registry:5000/web:2', 'one:1');
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^agent2-docker +registry:5000\/web:2 +failed$/m)]);
    expect(stdout).toMatch(/^agent1-docker +one:1 +pulled$/m);
    expect(stderr).toContain('web:2 does not come to agent1-docker, agent2-docker: the registry has no such image');
    expect(stderr).toContain(words);
    expect(stderr).toContain('images list --registry shows');
    const data = await run('images', 'warm', 'registry:5000/web:2', '--json');
    const answer: unknown = JSON.parse(data.stdout);
    expect([data.exitCode, answer]).toMatchObject([
      3,
      { images: [{ engine: 'agent1-docker', outcome: 'failed', failure: { words } }, { engine: 'agent2-docker' }] },
    ]);
  });

  it('leaves out Engines that do not run, and says so', async () => {
    const { run, docker } = await fakeRegistryLab();
    const index = docker.containers.findIndex(({ service }) => service === 'agent1-docker');
    docker.containers.splice(index, 1, ...docker.containers.slice(index, index + 1).map(exited));
    const { exitCode, stderr } = await run('images', 'warm', 'one:1');
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('agent1-docker is exited: nothing is pulled there'),
    ]);
    expect(pulls(docker)).toEqual(['docker exec id-agent2-docker docker pull one:1']);
  });

  it('pulls once where all agents use the Engine of this machine', async () => {
    const { run, docker, port } = await fakeRegistryLab({ agentDocker: 'socket' });
    const { exitCode, stdout } = await run('images', 'warm', `127.0.0.1:${port}/web:1`);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^this machine +\S+ +pulled$/m)]);
    expect(pulls(docker)).toEqual([`docker pull 127.0.0.1:${port}/web:1`]);
  });

  it('says by which name agents know the registry', async () => {
    const { run, docker, port } = await fakeRegistryLab();
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const { exitCode, stderr } = await run('images', 'warm', `${host}/shop/web:1`);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Write registry:5000/shop/web:1, as apps do')]);
    }
    const shared = await fakeRegistryLab({ agentDocker: 'socket' });
    const { stderr } = await shared.run('images', 'warm', 'registry:5000/web:1');
    expect(stderr).toContain(`Write 127.0.0.1:${shared.port}/web:1, as apps do`);
    expect([...pulls(docker), ...pulls(shared.docker)]).toEqual([]);
  });

  it.each([
    [['Web:1'], 'lower case'],
    [[], 'images warm IMAGE…'],
    [['a b'], 'not the name of an image'],
  ])('does not take %j', async (names, words) => {
    const { run, docker } = await fakeRegistryLab();
    const { exitCode, stderr } = await run('images', 'warm', ...names);
    expect([exitCode, stderr, pulls(docker)]).toEqual([2, expect.stringContaining(words), []]);
  });
});
