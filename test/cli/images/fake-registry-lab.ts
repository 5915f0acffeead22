import { join } from 'node:path';
import { FakeRegistry } from '../../checks/registry/fake-registry.ts';
import { FakeDocker } from '../../runtimes/docker/fake-docker.ts';
import { folderWith, runFake } from '../fake-context.ts';

/** A fake Engine on which a lab with two agents runs, whose registry is a fake, too. */
export async function fakeRegistryLab({ addons = '[registry]', agentDocker = 'dind' } = {}) {
  const fake = await new FakeRegistry().start();
  const { port } = new URL(fake.url);
  const ports = addons === '[]' ? '' : `ports: { registry: ${port} }\n`;
  const spec = `name: lab\nagentDocker: ${agentDocker}\naddons: ${addons}\n${ports}`;
  const cwd = folderWith({ 'mesos-cluster.yaml': spec, 'docker-compose.yml': 'name: lab\n' });
  const docker = new FakeDocker();
  const marks = { lab: 'lab', directory: cwd, composeFile: join(cwd, 'docker-compose.yml') };
  const add = (service: string, role: string, state = 'running') => {
    const node = service.replace(/-docker$/, '');
    docker.containers.push({ id: `id-${service}`, service, node, role, state, ...marks });
  };
  add('registry', 'registry');
  for (const agent of ['agent1', 'agent2']) {
    add(agent, 'mesos-agent');
    if (agentDocker === 'dind') add(`${agent}-docker`, 'docker-engine');
  }
  const run = (...argv: readonly string[]) => runFake(argv, { cwd, runCommand: docker.runCommand });
  return { fake, docker, cwd, port, run };
}
