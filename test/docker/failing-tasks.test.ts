import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImages } from './support/docker-lab.ts';
import { docker, hostEngine } from './support/engine.ts';

/*
 * What users of clusterd saw without its CNI folders, with a stand-in for its agent (images/dying-executor): each Docker
 * task dies with its executor, before it has said anything itself. That ends the wait, which may take five minutes.
 */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const folder = fileURLToPath(new URL('images/dying-executor', import.meta.url));
const lite = `cmc-test-lite:${String(process.pid)}`;
const agent = `cmc-test-dying-executor:${String(process.pid)}`;

const build = (cwd: string, ...words: readonly string[]) =>
  execa('docker', ['build', '--quiet', ...words], { cwd, timeout: 120_000, stdin: 'ignore' });

describe.skipIf(!hasDocker)('a lab whose agents cannot run Docker tasks', () => {
  beforeAll(async () => {
    // What the set lite builds of the lab's own copy of the tool.
    const lab = await dockerLab();
    const { base, dockerCli } = localImages.build;
    const given = ['--build-arg', `BASE=${base}`, '--build-arg', `DOCKER_CLI=${dockerCli}`];
    await build(lab.directory, '--tag', lite, ...given, '--file', 'images/lite/Dockerfile', '.mesos-cluster/tool');
    await build(folder, '--tag', agent, '--build-arg', `LITE=${lite}`, '.');
    await lab.remove();
  });
  afterAll(() => docker(hostEngine, 'image', 'rm', agent, lite));

  it('says the cause and the fix with the words of the executor, and does not wait for more', async () => {
    const overrides = { ...localImages.overrides, 'mesos-agent': { image: agent, command: ['mesos-agent'] } };
    const lab = await dockerLab({ counts: { agents: 2 }, images: { ...localImages, overrides } });
    onTestFinished(() => lab.remove());

    const up = await lab.run('up', '--runtime', 'docker');
    expect(up.status, up.stdout + up.stderr).toBe(6);
    // Commands run: it is the Docker tasks alone.
    expect(up.stdout).toContain('✓ basic-0 runs');
    const [, evidence = ''] = /✗ nginx runs and is healthy .*\n((?: {5}.*\n)+)/.exec(up.stdout) ?? [];
    expect(evidence).toContain('last failure TASK_FAILED: Container terminated: one task after another fails');
    expect(evidence).toContain('most likely the Docker executor of clusterd crashes');
    expect(evidence).toContain("stderr: terminate called after throwing an instance of 'std::length_error'\n");
    expect(evidence).not.toContain('std::terminate()');
    expect(evidence).toMatch(/fix: create-mesos-cluster generate, then up/);

    const deploy = await lab.run('deploy', 'apps/nginx.json', '--wait');
    expect(deploy.status, deploy.stdout + deploy.stderr).toBe(5);
    expect(deploy.stderr).toMatch(
      /one task of \/nginx after another fails with the same words: most likely the Docker executor of clusterd/,
    );
    expect(deploy.stderr).toMatch(/last failure: TASK_FAILED Container terminated\n +stderr: terminate called/);
  });
});
