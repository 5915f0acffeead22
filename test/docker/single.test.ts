import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { ps } from 'docker-compose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { docker, hostEngine, leftOf } from './support/engine.ts';
import type { LabRun } from './support/lab-run.ts';
import { expectRealNginx, runningTasks, writeApp } from './support/real-nginx.ts';
import { untilTrue } from './support/until.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

describe.skipIf(!hasDocker).each(['dind', 'socket'] as const)('a lab for one host, agentDocker %s', (agentDocker) => {
  let lab: DockerLab;
  let up: LabRun;
  beforeAll(async () => {
    lab = await dockerLab({ preset: 'single', agentDocker, timing: 'fast' });
    up = await upAndVerified(lab);
  });
  afterAll(() => lab.remove());

  const services = async (state = 'running') =>
    (await lab.containers())
      .filter((each) => each.state === state)
      .map(({ service }) => service)
      .toSorted();

  it('comes up verified', () => {
    expect(up.stdout).toMatch(/Verified: \d+ checks passed/);
    expect(up.stdout).not.toMatch(/simulated/i);
    expect(up.stdout).toContain(`http://127.0.0.1:${String(8080 + lab.portOffset)}`);
  });

  it('says what runs', async () => {
    const status = await lab.run('status');
    expect(status.status, status.stdout + status.stderr).toBe(0);
    expect(status.stdout).toMatch(/^agent1 .* active [\s\S]*^agent2 .* active [\s\S]*^master1 .* leads /m);
    expect(JSON.parse((await lab.run('status', '--json')).stdout)).toMatchObject({ running: true, runtime: 'docker' });
    expect((await lab.run('list')).stdout).toContain(lab.name);
  });

  it('is what Compose itself sees in the folder', async () => {
    const { data } = await ps({ cwd: lab.directory, commandOptions: ['--all', ['--format', 'json']] });
    expect(data.services.every(({ name }) => name.startsWith(`${lab.name}-`))).toBe(true);
    expect(data.services.filter(({ state }) => !/^(running|up)/i.test(state))).toEqual([]);
    expect(data.services).toHaveLength((await services()).length);
  });

  it('has nginx answer through the load balancer', async () => {
    await expectRealNginx(lab);
  });

  it('shows logs and runs commands in its containers', async () => {
    expect((await lab.run('logs', 'master1')).stdout).not.toBe('');
    expect((await lab.run('logs', 'nginx')).stdout).toContain('GET / HTTP');
    const { status, stdout } = await lab.run('exec', 'master1', '--', 'sh', '-c', 'echo "it is $(hostname)"; exit 7');
    expect([status, stdout]).toEqual([7, 'it is master1\n']);
  });

  it('starts again what was stopped', async () => {
    const before = await services();
    expect((await lab.run('stop')).status).toBe(0);
    expect(await services()).toEqual([]);
    expect((await lab.run('status')).status).toBe(5);
    const start = await lab.run('start');
    expect(start.status, start.stderr).toBe(0);
    expect(await services()).toEqual(before);
    const verify = await lab.run('verify');
    expect(verify.status, verify.stdout).toBe(0);
  });

  it('gets and loses agents while it runs', async () => {
    const before = new Map((await lab.containers()).map(({ service, id }) => [service, id]));
    const more = await lab.run('scale', 'agents', '3');
    expect(more.status, more.stderr).toBe(0);
    expect(await services()).toContain('agent3');
    if (agentDocker === 'dind') expect(more.stderr).toMatch(/nginx:1\.27 to .*agent3-docker/);
    // What was there was left alone, but for what is told the names of agents that share an Engine.
    const others = (await lab.containers()).filter(
      ({ service }) => agentDocker === 'dind' || !/^marathon/.test(service),
    );
    for (const { service, id } of others) expect(before.get(service) ?? id, service).toBe(id);
    const verify = await lab.run('verify');
    expect([verify.status, verify.stdout]).toEqual([0, expect.stringMatching(/\b3 (of 3|agents)/)]);
    const less = await lab.run('scale', 'agents', '1');
    expect(less.status, less.stderr).toBe(0);
    expect((await lab.containers()).filter(({ service }) => /^agent[23]/.test(service))).toEqual([]);
    // They have unregistered: nobody waits for them to come back.
    const state = JSON.stringify(await lab.ask(5050, '/metrics/snapshot'));
    expect(state).toContain('"master/slave_removals/reason_unregistered":2');
    const verifiedLess = await lab.run('verify');
    expect(verifiedLess.status, verifiedLess.stdout).toBe(0);
  });

  it('removes containers of an app that crashes in a loop', async () => {
    await lab.run('deploy', writeApp(lab, { ...crasher, id: 'crasher' }));
    await untilTrue('crashing', 60_000, async () =>
      JSON.stringify(await lab.ask(8080, '/v2/apps/crasher')).includes('TASK_FAILED'),
    );
    expect(await runningTasks(lab, 'crasher')).toEqual([]);
  });

  it('leaves nothing when it is ended by name, its folder deleted', async () => {
    rmSync(lab.directory, { recursive: true });
    const other = await dockerLab();
    const down = await other.run('down', lab.name);
    expect(down.status, down.stderr).toBe(0);
    expect(await leftOf(hostEngine, lab.name)).toEqual([]);
    expect(await tasksOf(lab.name)).toEqual([]);
    await other.remove();
  });
});

it.skipIf(!hasDocker)('a lab whose folder is moved while it runs goes on, and leaves nothing', async () => {
  const lab = await dockerLab({ preset: 'single', agentDocker: 'socket', timing: 'fast' });
  await upAndVerified(lab);
  const moved = `${lab.directory}-moved`;
  renameSync(lab.directory, moved);
  // Only for the program to stand in.
  mkdirSync(lab.directory);
  const run = (...argv: readonly string[]) => lab.run(...argv, '--lab', moved);
  try {
    const status = await run('status');
    expect([status.status, status.stdout], status.stderr).toEqual([0, expect.stringMatching(/^agent1 .* active /m)]);
    expect(status.stdout).toContain(`moved since it was started (it was ${lab.directory})`);
    for (const verb of ['stop', 'start']) {
      const turned = await run(verb);
      expect(turned.status, turned.stderr).toBe(0);
    }
    const up = await run('up');
    expect([up.status, up.stderr + up.stdout]).toEqual([0, expect.stringContaining('was moved here')]);
    const again = await run('up');
    expect([again.status, again.stderr + again.stdout]).toEqual([0, expect.not.stringContaining('What differs')]);
    const [listed = ''] = (await lab.run('list')).stdout.split('\n').filter((line) => line.startsWith(`${lab.name} `));
    expect(listed).toContain(`${moved} `);
    expect(listed).not.toContain('gone');
  } finally {
    const down = await run('down');
    expect(down.status, down.stderr).toBe(0);
    expect(await leftOf(hostEngine, lab.name)).toEqual([]);
    await lab.remove();
  }
});

/** Containers of tasks that agents of a lab started on this machine's Engine: their sandboxes tell. */
async function tasksOf(lab: string): Promise<readonly string[]> {
  const ids = await docker(hostEngine, 'ps', '--all', '--quiet', '--filter', 'name=^mesos-');
  if (ids === '') return [];
  const mounts = await docker(hostEngine, 'inspect', '--format', '{{.Name}} {{.HostConfig.Binds}}', ...ids.split('\n'));
  return mounts.split('\n').filter((line) => line.includes(`/${lab}/`));
}

const crasher = {
  cmd: 'exit 3',
  cpus: 0.1,
  mem: 16,
  container: { type: 'DOCKER', docker: { image: 'nginx:1.27' } },
};
