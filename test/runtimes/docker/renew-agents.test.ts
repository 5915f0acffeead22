import { describe, expect, it } from 'vitest';
import { agentsToRenew } from '../../../runtimes/docker/agents/renew-agents.ts';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import { planOf } from '../embedded/plan-of.ts';
import { startOptions } from '../start-options.ts';
import { fakeLab } from './fake-lab.ts';

describe('agents whose work folder is of before', () => {
  it.each([
    ['nothing is changed', {}, []],
    ['ports are moved', { ports: { offset: 100 } }, ['agent1', 'agent2']],
    ['resources are', { mesos: { agent: { resources: 'cpus:1;mem:512' } } }, ['agent1', 'agent2']],
    ['attributes are', { mesos: { agent: { attributes: 'rack:a' } } }, ['agent1', 'agent2']],
    ['there are more', { counts: { agents: 4 } }, []],
    ['there are more on one Engine', { agentDocker: 'socket', counts: { agents: 4 } }, []],
    ['another port is moved', { ports: { marathon: 9000 } }, []],
  ] as readonly (readonly [string, Partial<ClusterSpec>, readonly string[]])[])(
    'become new ones when %s: %j',
    async (_title, change, expected) => {
      const { agentDocker } = change;
      const own = agentDocker === undefined ? {} : { agentDocker };
      const [before, after] = [
        await planOf({ preset: 'single', ...own }),
        await planOf({ preset: 'single', ...change }),
      ];
      expect(agentsToRenew(before, after)).toEqual(expected);
    },
  );

  it('go with their whole pods', async () => {
    const { docker, runtime, directory, options, container, tell } = await fakeLab({ taskNetwork: 'apps' });
    const pod = ['agent1', 'agent1-cleaner', 'agent1-docker', 'agent1-network', 'agent1-node'];
    const make = () => (docker.containers.push(...['master1', ...pod].map((service) => container(service))), []);
    docker.answers.push([' up ', make]);
    await (await runtime.start({ directory }, options)).keep();
    docker.answers.length = 0;
    const mesos = { agent: { attributes: 'rack:a' } };
    const plan = await planOf({ preset: 'single', taskNetwork: 'apps', mesos });
    await (await runtime.start({ directory }, startOptions(plan, { tell }))).keep();
    expect(docker.asked).toContain(`docker rm --force ${pod.map((service) => `id-${service}`).join(' ')}`);
  });
});
