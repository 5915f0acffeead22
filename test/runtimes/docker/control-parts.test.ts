import { describe, expect, it } from 'vitest';
import { partsNamed } from '../../../runtimes/docker/lab/control-parts.ts';
import type { LabContainer } from '../../../runtimes/docker/lab/lab-containers.ts';

const container = (id: string, node: string, role: string): LabContainer => ({
  ...{ id, node, role, state: 'running', detail: '', containerId: id, name: id, image: '' },
  ...{ lab: 'lab', directory: '/lab', composeFile: '/lab/compose.yaml' },
});
const pod = ['agent1', 'agent1-docker', 'agent1-node'];
const all = [
  container('master1', 'master1', 'mesos-master'),
  container('agent1', 'agent1', 'mesos-agent'),
  container('agent1-docker', 'agent1', 'docker-engine'),
  container('agent1-node', 'agent1', 'node'),
];

describe('the containers that a name stands for', () => {
  it.each([
    // The tasks of an agent's Engine outlive it.
    ['kill', ['agent1'], ['agent1']],
    ['pause', ['agent1-docker'], ['agent1-docker']],
    ['stop', ['agent1'], pod],
    ['start', ['agent1'], pod],
    // Its machine has all of them.
    ['unplug', ['agent1'], pod],
    ['unplug', ['agent1-docker'], pod],
    ['unplug', ['master1'], ['master1']],
    ['partition', ['agent1'], ['agent1']],
  ] as const)('%s %j is for %j', (action, names, expected) => {
    expect(partsNamed(all, names, action).map(({ id }) => id)).toEqual(expected);
  });

  it('are refused where there are none, all of them at once', () => {
    expect(() => partsNamed(all, ['agent9', 'master1'], 'partition')).toThrow(
      /no node or container called agent9[^]*partition is for agents/,
    );
  });
});
