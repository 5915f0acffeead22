import { describe, expect, it } from 'vitest';
import { imageSetNames, type ImageSetName } from '../../planning/catalogue/roles.ts';
import { dockerRelease } from '../../planning/plan/agent-docker-api.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';

/** The API that the agents of a lab are held to. */
function heldApi(set: ImageSetName, agent?: string, engine?: string, more: Partial<ClusterSpec> = {}) {
  const overrides = {
    ...(agent === undefined ? {} : { 'mesos-agent': { image: agent } }),
    ...(engine === undefined ? {} : { 'docker-engine': { image: engine } }),
  };
  const agents = planCluster({ name: 'lab', images: { set, overrides }, ...more })
    .nodes.flatMap(({ components }) => components)
    .filter(({ role }) => role === 'mesos-agent');
  expect(agents.length).toBeGreaterThan(0);
  const values = agents.map(({ environment }) => environment.find(({ name }) => name === 'DOCKER_API_VERSION')?.value);
  expect(new Set(values).size).toBe(1);
  return values[0];
}

const own = 'registry.example:5000/mesos:1.12';
const onHosts = { preset: 'three-vm' } as const;
const onSocket = { agentDocker: 'socket' } as const;

describe('the API that agents ask their Engine for', () => {
  it.each([26, 27, 28])("is 1.44 where an agent of one's own has Engine %i in its pod", (release) => {
    expect(heldApi('stock', own, `docker:${String(release)}-dind`)).toBe('1.44');
  });

  it('is 1.44 where only the machine knows which Engine it has', () => {
    expect(heldApi('stock', own, undefined, onSocket)).toBe('1.44');
    expect(heldApi('stock', own, undefined, onHosts)).toBe('1.44');
    expect(heldApi('stock', own, 'registry.example/engine:latest')).toBe('1.44');
  });

  it('is left to the agent with the Engine of the set, or an older one', () => {
    expect(heldApi('stock', own)).toBeUndefined();
    expect(heldApi('stock', own, 'docker:24.0.9-dind')).toBeUndefined();
  });

  it("is left to Mesosphere's agents, whose client is old, wherever they are pulled from", () => {
    expect(heldApi('stock', undefined, 'docker:27-dind')).toBeUndefined();
    expect(heldApi('stock', undefined, undefined, onSocket)).toBeUndefined();
    expect(heldApi('stock', 'mirror.example:5000/mesosphere/mesos-slave:1.7.1', undefined, onHosts)).toBeUndefined();
    expect(heldApi('stock', 'mesosphere/mesos-slave-of-mine:2', 'docker:27-dind')).toBe('1.44');
  });

  it.each(imageSetNames.filter((set) => set !== 'stock'))('is never held in set %s: clusterd must not be', (set) => {
    for (const agent of [undefined, own]) {
      for (const more of [{}, onSocket, onHosts]) {
        expect(heldApi(set, agent, 'docker:27-dind', more)).toBeUndefined();
      }
    }
  });
});

describe('the release of Docker in the tag of an image', () => {
  it.each([
    ['docker:28-dind', 28],
    ['docker:26.1.5-dind', 26],
    ['docker:v27', 27],
    ['mirror.example:5000/library/docker:25.0-dind@sha256:0a', 25],
    ['mirror.example:5000/docker', undefined],
    ['docker:dind', undefined],
    ['docker@sha256:0123', undefined],
  ])('of %s is %s', (reference, release) => {
    expect(dockerRelease(reference)).toBe(release);
  });
});
