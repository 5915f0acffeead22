import { expect, it } from 'vitest';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import { planOf } from '../embedded/plan-of.ts';
import { startOptions } from '../start-options.ts';
import { ended } from './fake-docker.ts';
import { fakeLab } from './fake-lab.ts';

/** A lab is started, and started again as another one; what became of the network of the first. */
async function changed(before: Partial<ClusterSpec>, after: Partial<ClusterSpec>) {
  const lab = await fakeLab(before);
  const { docker, runtime, directory, options, makeContainers, tell } = lab;
  docker.answers.push([' up ', makeContainers]);
  await (await runtime.start({ directory }, options)).keep();
  docker.answers.length = 0;
  const made = docker.asked.length;
  const plan = await planOf({ preset: 'single', ...after });
  await (await runtime.start({ directory }, startOptions(plan, { tell }))).keep();
  return { lab, asked: docker.asked.slice(made) };
}

const up = (asked: readonly string[]) => asked.findIndex((line) => / compose .* up /.test(` ${line}`));

it.each<readonly [string, Partial<ClusterSpec>, Partial<ClusterSpec>]>([
  ['gets a network of tasks', {}, { taskNetwork: 'apps' }],
  ['loses it', { taskNetwork: 'apps' }, {}],
  ['moves it with its ports', { taskNetwork: 'apps' }, { taskNetwork: 'apps', ports: { offset: 100 } }],
  ['gets Mesos-DNS, which has a fixed address', {}, { addons: ['mesos-dns'] }],
  [
    'has another name for it, on an Engine that is shared',
    { agentDocker: 'socket', taskNetwork: 'a' },
    { agentDocker: 'socket', taskNetwork: 'b' },
  ],
])('a lab that %s loses its containers and its network first, and keeps its volumes', async (_, before, after) => {
  const { lab, asked } = await changed(before, after);
  const gone = asked.findIndex((line) => line.startsWith('docker network rm net'));
  expect(gone).toBeGreaterThan(-1);
  expect(up(asked)).toBeGreaterThan(gone);
  expect(asked.filter((line) => line.startsWith('docker volume rm'))).toEqual([]);
  expect(lab.docker.volumes).toEqual(['vol']);
  expect(lab.tell.told.join('\n')).toContain('The network of the lab becomes another one');
});

it('an up that could not remove the network leaves that to the next one', async () => {
  const { docker, runtime, directory, options, makeContainers, tell } = await fakeLab({});
  docker.answers.push([' up ', makeContainers]);
  await (await runtime.start({ directory }, options)).keep();
  docker.answers.length = 0;
  docker.answers.push(['network rm', ended(1, '', 'network has active endpoints')]);
  const plan = await planOf({ preset: 'single', taskNetwork: 'apps' });
  await expect(runtime.start({ directory }, startOptions(plan, { tell }))).rejects.toThrow('not everything of the lab');
  expect([docker.containers, docker.networks]).toEqual([[], ['net']]);
  docker.answers.length = 0;
  await (await runtime.start({ directory }, startOptions(plan, { tell }))).keep();
  expect(docker.networks).toEqual([]);
});

it.each<readonly [string, Partial<ClusterSpec>, Partial<ClusterSpec>]>([
  ['has one, and more agents', { taskNetwork: 'apps' }, { taskNetwork: 'apps', counts: { agents: 4 } }],
  ['names it otherwise in the Engines of its agents', { taskNetwork: 'apps' }, { taskNetwork: 'tasks' }],
  ['has none, and other ports', {}, { ports: { offset: 100 } }],
])('a lab that %s keeps its network', async (_, before, after) => {
  const { asked } = await changed(before, after);
  expect(up(asked)).toBeGreaterThan(-1);
  expect(asked.filter((line) => line.includes('network rm'))).toEqual([]);
});

it('a task that is still in the network of the lab goes before the network', async () => {
  const { docker, runtime, directory, file, options, makeContainers, plan } = await fakeLab({
    ...{ agentDocker: 'socket', taskNetwork: 'apps' },
  });
  docker.answers.push([' up ', makeContainers]);
  await (await runtime.start({ directory }, options)).keep();
  const folder = `/var/lib/create-mesos-cluster/${plan.name}/agent1`;
  const agent = ['id', 'name', 'running', 'Up', 'image', plan.name, 'agent1', 'mesos-agent', 'agent1', directory, file];
  const tasks = new Set(['t1']);
  const removeNetwork = () => {
    if (tasks.size > 0) return ended(1, '', 'network apps has active endpoints');
    docker.networks.length = 0;
    return ['net'];
  };
  docker.answers.push(
    ['role=mesos-agent', [agent.join('\t')]],
    ['{{if eq .Type "bind"}}', [`${folder}\t`]],
    ['name=^/?mesos-', () => [...tasks]],
    ['inspect --format {{.Id}}', () => [...tasks].map((id) => `${id}\t${folder}/slaves/x\t`)],
    ['rm --force --volumes t1', () => (tasks.clear(), [])],
    ['network rm', removeNetwork],
  );
  expect(await runtime.remove({ directory })).toMatchObject({ removed: '3 containers, 1 network and 1 volume' });
  expect([docker.networks, [...tasks]]).toEqual([[], []]);
});
