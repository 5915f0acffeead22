import { describe, expect, it, onTestFinished } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified } from './support/docker-lab.ts';
import { docker, hostEngine } from './support/engine.ts';
import { writeApp } from './support/real-nginx.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

describe.skipIf(!hasDocker)('a lab that was stopped, and whose network docker network prune took', () => {
  it('comes back with its volumes, by start as by up', async () => {
    const lab = await dockerLab({ preset: 'single', agentDocker: 'socket', timing: 'fast' });
    onTestFinished(() => lab.remove());
    await upAndVerified(lab);
    await lab.run('deploy', writeApp(lab, { id: 'kept', cmd: 'sleep 1000', cpus: 0.1, mem: 32 }), '--wait');
    const filter = ['--filter', `label=com.docker.compose.project=${lab.name}`];
    const stopAndPrune = async () => {
      expect((await lab.run('stop')).status).toBe(0);
      const networks = (await docker(hostEngine, 'network', 'ls', '--quiet', ...filter)).split('\n');
      // As prune does, which would take those of other labs, too.
      await docker(hostEngine, 'network', 'rm', ...networks);
    };
    const expectItsApp = async () => {
      expect(JSON.stringify(await lab.ask(8080, '/v2/apps'))).toContain('/kept');
    };
    await stopAndPrune();
    const start = await lab.run('start');
    expect(start.status, start.stderr).toBe(0);
    await expectItsApp();

    // A part alone makes the network anew, which the others do not have yet.
    await stopAndPrune();
    const part = await lab.run('start', 'marathon1');
    expect(part.status, part.stderr).toBe(0);
    const rest = await lab.run('start');
    expect(rest.status, rest.stderr).toBe(0);
    await expectItsApp();

    await stopAndPrune();
    const up = await lab.run('up');
    expect([up.status, up.stderr], up.stderr).toEqual([0, expect.stringContaining('made anew, with their volumes')]);
    await expectItsApp();
  });
});
