import { describe, expect, it } from 'vitest';
import { agentsToRenew } from '../../../runtimes/docker/agents/renew-agents.ts';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import { planOf } from '../embedded/plan-of.ts';

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
});
