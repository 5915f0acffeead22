import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { hostEngine, leftOf } from './support/engine.ts';
import type { LabRun } from './support/lab-run.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

/** The published set-up, but for its name: that belongs to the example. */
function referenceA(): Readonly<Record<string, unknown>> {
  const text = readFileSync(new URL('../../examples/reference-a/mesos-cluster.yaml', import.meta.url), 'utf8');
  const { name: _, ...spec } = parse(text) as Record<string, unknown>;
  return spec;
}

describe.skipIf(!hasDocker)('reference A, one host with plain containers', () => {
  let lab: DockerLab;
  let up: LabRun;
  beforeAll(async () => {
    lab = await dockerLab(referenceA());
    up = await upAndVerified(lab);
  });
  afterAll(() => lab.remove());

  it('comes up with its services, verified without a load balancer', async () => {
    expect(up.stdout).toMatch(/Verified: \d+ checks passed/);
    const services = (await lab.containers()).map(({ service }) => service).toSorted();
    const pod = ['agent1', 'agent1-cleaner', 'agent1-docker', 'agent1-node'];
    expect(services).toEqual([...pod, 'marathon1', 'master1', 'pod-keeper', 'zookeeper1']);
  });

  it('runs with the flags of the example', async () => {
    const { flags } = (await lab.ask(5050, '/flags')) as { flags: Record<string, string> };
    expect(flags).toMatchObject({ log_dir: '/var/log/mesos', quorum: '1', zk: 'zk://zookeeper1:2181/mesos' });
    const { stdout } = await lab.run('exec', 'agent1', '--', 'sh', '-c', 'ls /var/log/mesos');
    expect(stdout).not.toBe('');
  });

  it('goes down without a trace', async () => {
    expect((await lab.run('down')).status).toBe(0);
    expect(await leftOf(hostEngine, lab.name)).toEqual([]);
  });
});
