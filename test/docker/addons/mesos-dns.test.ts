import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from '../support/docker-lab.ts';
import type { LabRun } from '../support/lab-run.ts';
import { runningTasks, writeApp } from '../support/real-nginx.ts';
import { until } from '../support/until.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

/** In a network of its agent's Engine, with a port of the agent. */
const onAgent = (agent: string, more: { readonly id: string; readonly [key: string]: unknown }) => ({
  ...{ cpus: 0.1, mem: 32, constraints: [['hostname', 'CLUSTER', agent]] },
  networks: [{ mode: 'container/bridge' }],
  ...more,
});

describe.skipIf(!hasDocker)('a lab with Mesos-DNS', () => {
  let lab: DockerLab;
  let up: LabRun;
  beforeAll(async () => {
    lab = await dockerLab({ preset: 'single', timing: 'fast', addons: ['mesos-dns'] });
    up = await upAndVerified(lab);
  });
  afterAll(() => lab.remove());

  it('is verified: a name leads to a task', async () => {
    expect(up.stdout).toMatch(/basic-0\.marathon\.mesos leads to 198\.19\.\d+\.\d+/);
    expect((await lab.run('status')).stdout).toMatch(/^mesos-dns .* serves /m);
  });

  it('has a task in a container reach an app on another agent by its name, without a flag', async () => {
    const web = onAgent('agent1', {
      id: 'web',
      container: {
        type: 'DOCKER',
        docker: { image: 'nginx:1.27' },
        portMappings: [{ containerPort: 80, hostPort: 31_080 }],
      },
    });
    expect((await lab.run('deploy', writeApp(lab, web), '--wait', '--timeout', '60')).status).toBe(0);
    const caller = onAgent('agent2', {
      id: 'caller',
      cmd: 'while :; do wget -q -O - http://web.marathon.mesos:31080/ && echo reached; sleep 1; done',
      container: { type: 'DOCKER', docker: { image: 'nginx:1.27' } },
    });
    expect((await lab.run('deploy', writeApp(lab, caller), '--wait', '--timeout', '60')).status).toBe(0);
    const [[server], [client]] = [await runningTasks(lab, 'web'), await runningTasks(lab, 'caller')];
    expect([server?.host, client?.host]).toEqual(['agent1', 'agent2']);
    const log = await until('reached by name', 60_000, async () => {
      const { stdout } = await lab.run('logs', 'caller');
      return stdout.includes('reached') ? { value: stdout } : { seen: stdout };
    });
    expect(log).toContain('Welcome to nginx!');
  });

  it('has a command, and its own containers, resolve names of tasks, of the lab and of nobody', async () => {
    const script = `require('dns').lookup(process.argv[1], (error, address) => console.log(error ? error.code : address))`;
    const resolve = async (container: string, name: string) =>
      (await lab.run('exec', container, '--', 'node', '-e', script, name)).stdout.trim();
    for (const container of ['agent2', 'marathon1', 'marathon-lb', 'master1']) {
      const address = await resolve(container, 'web.marathon.mesos');
      expect(address).toMatch(/^198\.19\.\d+\.\d+$/);
      expect(await resolve(container, 'agent1')).toBe(address);
      expect(await resolve(container, 'none.marathon.mesos')).toBe('ENOTFOUND');
    }
    const ask = `fetch("http://web.marathon.mesos:31080/").then(({ status }) => console.log("answers", status))`;
    const inNode = { id: 'command', cmd: `node -e '${ask}'; sleep 1000`, cpus: 0.1, mem: 16 };
    expect((await lab.run('deploy', writeApp(lab, inNode), '--wait', '--timeout', '60')).status).toBe(0);
    await until('answered', 30_000, async () => {
      const { stdout } = await lab.run('logs', 'command');
      return stdout.includes('answers 200') ? { value: stdout } : { seen: stdout };
    });
  });
});

describe.skipIf(!hasDocker)('a lab with Mesos-DNS whose agents use the Engine of this machine', () => {
  let lab: DockerLab;
  beforeAll(async () => {
    lab = await dockerLab({ preset: 'single', agentDocker: 'socket', timing: 'fast', addons: ['mesos-dns'] });
    await upAndVerified(lab);
  });
  afterAll(() => lab.remove());

  it('has a container of a task reach an app on another agent by its name, without a flag', async () => {
    const [port] = (await portsOf(lab, 'agent1')) ?? [];
    const web = onAgent('agent1', {
      id: 'web',
      container: {
        type: 'DOCKER',
        docker: { image: 'nginx:1.27' },
        portMappings: [{ containerPort: 80, hostPort: port }],
      },
    });
    expect((await lab.run('deploy', writeApp(lab, web), '--wait', '--timeout', '60')).status).toBe(0);
    const url = `http://web.marathon.mesos:${String(port)}/`;
    const caller = onAgent('agent2', {
      id: 'caller',
      cmd: `while :; do wget -q -O - ${url} && echo reached; sleep 1; done`,
      container: { type: 'DOCKER', docker: { image: 'nginx:1.27' } },
    });
    expect((await lab.run('deploy', writeApp(lab, caller), '--wait', '--timeout', '60')).status).toBe(0);
    await until('reached by name', 60_000, async () => {
      const { stdout, stderr } = await lab.run('logs', 'caller');
      return stdout.includes('reached') ? { value: true } : { seen: stdout + stderr };
    });
  });
});

/** The first port of each range that an agent offers. */
async function portsOf(lab: DockerLab, agent: string): Promise<readonly number[] | undefined> {
  const { slaves } = (await lab.ask(5050, '/slaves')) as {
    readonly slaves: readonly { readonly hostname: string; readonly resources: { readonly ports: string } }[];
  };
  const ranges = slaves.find(({ hostname }) => hostname === agent)?.resources.ports;
  return ranges?.match(/\d+(?=-)/g)?.map(Number);
}
