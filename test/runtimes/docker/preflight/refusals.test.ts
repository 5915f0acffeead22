import { describe, expect, it } from 'vitest';
import { memoryNeedMb } from '../../../../runtimes/docker/preflight/memory.ts';
import { refusals } from '../../../../runtimes/docker/preflight/refusals.ts';
import type { ClusterSpec } from '../../../../planning/shape/cluster-spec.ts';
import { imageSets } from '../../../../planning/catalogue/image-sets.ts';
import { planCluster } from '../../../../planning/plan/plan-cluster.ts';
import { imageSetNames } from '../../../../planning/catalogue/roles.ts';
import { engines } from './docker-answers.ts';
import { factsOf } from './inspect-fake.ts';

const binfmt = '/proc/sys/fs/binfmt_misc';
const planOf = (spec: Partial<ClusterSpec>) => planCluster({ name: 'lab', ...spec });
const verdict = async (name: keyof typeof engines, spec: Partial<ClusterSpec>, files: readonly string[] = []) =>
  refusals(await factsOf(engines[name], files), planOf(spec));
const codes = async (...parts: Parameters<typeof verdict>) =>
  (await verdict(...parts)).map(({ code, isWarning }) => (isWarning ? `(${code})` : code));

describe('an image set', () => {
  it.each(imageSetNames)('%s runs on Engine 26.1 with cgroup v1', async (set) => {
    expect(await verdict('Engine 26.1 on Debian 12', { images: { set } })).toEqual([]);
  });

  it('clusterd and lite run on an Engine with cgroup v2 and images in containerd', async () => {
    expect(await verdict('Engine 29 with images in containerd', {})).toEqual([]);
    expect(await verdict('Engine 29 with images in containerd', { images: { set: 'lite' } })).toEqual([]);
  });

  it('stock does not, because Mesos looks for cgroup v1: with an Engine per agent, too', async () => {
    expect(await verdict('Engine 29 with images in containerd', { images: { set: 'stock' } })).toMatchObject([
      {
        code: 'MACHINE_IMAGE_SET',
        message: expect.stringContaining("Failed to find a mounted cgroups hierarchy for the 'cpu' subsystem"),
        found: 'cgroup v2',
        fix: expect.stringMatching(/--image-set clusterd, or lite.*systemd\.unified_cgroup_hierarchy=0/),
        isWarning: false,
      },
    ]);
  });

  it('stock with another agent, or without Docker tasks, is not refused for it', async () => {
    const other = { set: 'stock', overrides: { 'mesos-agent': { image: 'my/agent:1' } } } as const;
    expect(await codes('Engine 29 with images in containerd', { images: other })).toEqual([]);
    const commandsOnly = { agent: { flags: { containerizers: 'mesos' } } };
    expect(
      await codes('Engine 29 with images in containerd', { images: { set: 'stock' }, mesos: commandsOnly }),
    ).toEqual([]);
  });

  it('stock on the Engine of the machine meets its API floor and its image store', async () => {
    const found = await verdict('Engine 29 with images in containerd', {
      images: { set: 'stock' },
      agentDocker: 'socket',
    });
    expect(found.map((refusal) => refusal.found)).toEqual([
      'cgroup v2',
      'the Engine wants 1.44 at least',
      "containerd's image store",
    ]);
  });

  it('may not have its Mesos-DNS published for tasks on the Engine of Docker Desktop', async () => {
    const spec: Partial<ClusterSpec> = { images: { set: 'lite' }, agentDocker: 'socket', addons: ['mesos-dns'] };
    expect(await verdict('Engine 26.1 on Debian 12', spec)).toEqual([]);
    expect(await verdict('Docker Desktop on an arm64 Mac', spec)).toMatchObject([
      { message: expect.stringContaining('"Ports are not available"'), isWarning: true },
    ]);
    expect(await verdict('Docker Desktop on an arm64 Mac', { ...spec, agentDocker: 'dind' })).toEqual([]);
  });

  it("stock with an agent of one's own on the machine's Engine asks for the API that has what it reads", async () => {
    const spec = {
      images: { set: 'stock', overrides: { 'mesos-agent': { image: 'my/agent:1' } } },
      agentDocker: 'socket',
    } as const;
    expect(await verdict('Engine 26.1 on Debian 12', spec)).toEqual([]);
    const found = await verdict('Engine 29 with images in containerd', spec);
    expect(found.map((refusal) => refusal.found)).toEqual(["containerd's image store"]);
    const facts = await factsOf(engines['Engine 26.1 on Debian 12']);
    expect(refusals({ ...facts, engine: { ...facts.engine, version: '24.0.9' } }, planOf(spec))).toMatchObject([
      {
        code: 'MACHINE_IMAGE_SET',
        message: expect.stringMatching(/API 1\.44 \(DOCKER_API_VERSION\).* from 25 on/),
        found: '24.0.9',
        fix: expect.stringMatching(/^update Docker/),
      },
    ]);
  });

  it('stock is warned of an Engine in the pods that keeps images in containerd', async () => {
    const withEngine = (image: string) =>
      ({ images: { set: 'stock', overrides: { 'docker-engine': { image } } } }) as const;
    expect(await verdict('Engine 26.1 on Debian 12', withEngine('docker:28-dind'))).toEqual([]);
    expect(await verdict('Engine 26.1 on Debian 12', withEngine('docker:29.1-dind'))).toMatchObject([
      { isWarning: true, found: 'docker:29.1-dind', fix: expect.stringContaining('docker:28-dind') },
    ]);
    const clusterd = { images: { overrides: { 'docker-engine': { image: 'docker:29-dind' } } } } as const;
    expect(await verdict('Engine 26.1 on Debian 12', clusterd)).toEqual([]);
  });

  it('is told to a Desktop user with what a Desktop has', async () => {
    const [first] = await verdict('Docker Desktop on an arm64 Mac', { images: { set: 'stock' } });
    expect(first?.fix).toContain('Docker Desktop has no other');
  });

  it('for amd64 alone is warned of on arm64 where it is emulated, and refused where it is not', async () => {
    expect(await codes('Docker Desktop on an arm64 Mac', {})).toEqual(['(MACHINE_IMAGE_SET)']);
    expect(await codes('Engine 28 on an arm64 machine', {})).toEqual(['(MACHINE_IMAGE_SET)']);
    const [refusal] = await verdict('Engine 28 on an arm64 machine', {}, [binfmt]);
    expect(refusal).toMatchObject({
      isWarning: false,
      found: expect.stringContaining('mesosphere/marathon:v1.11.24'),
      fix: expect.stringMatching(/--image-set lite .*binfmt --install amd64/),
    });
    expect(await codes('Engine 28 on an arm64 machine', { images: { set: 'lite' } }, [binfmt])).toEqual([]);
  });

  it('needs cgroup v1 as the table of image sets says', () => {
    for (const set of imageSetNames) {
      expect(planOf({ images: { set } }).needsCgroupV1).toBe(imageSets[set].needsCgroupV1);
    }
  });
});

describe('an Engine', () => {
  it.each([
    ['Engine 20.10 with cgroup v2', 'MACHINE_DOCKER_OLD', /update Docker/],
    ['rootless Engine', 'MACHINE_DOCKER_ROOTLESS', /docker context use default/],
    ['Engine with user namespaces', 'MACHINE_DOCKER_ROOTLESS', /daemon\.json/],
    ['Engine of another machine', 'MACHINE_DOCKER_CONTEXT', /docker context use default/],
    ['small Docker Desktop', 'MACHINE_DOCKER_MEMORY', /Settings, Resources, Memory limit: 2(\.5)? GB/],
    ['Windows containers', 'MACHINE_IMAGE_SET', /Linux containers/],
  ] as const)('as a %s refuses a lab with %s', async (name, code, fix) => {
    expect(await verdict(name, {})).toMatchObject([{ code, fix: expect.stringMatching(fix), isWarning: false }]);
  });

  it('that is Podman is warned of', async () => {
    expect(await codes('Podman Engine with the client of Docker', {})).toEqual(['(MACHINE_NO_DOCKER)']);
  });

  it('without privileges runs a lab that has no agents', async () => {
    const nodes: ClusterSpec['nodes'] = [{ name: 'a', roles: ['zookeeper', 'mesos-master'] }];
    expect(await verdict('rootless Engine', { nodes })).toEqual([]);
  });
});

describe('the memory that a lab needs', () => {
  it('is far below the limits of its containers', () => {
    const plan = planOf({});
    const limits = plan.nodes
      .flatMap(({ components }) => components)
      .reduce((sum, { memoryMb = 0 }) => sum + memoryMb, 0);
    expect(memoryNeedMb(plan)).toBeLessThan(limits / 2);
  });

  it('grows with its parts, and is smallest with the lite images', () => {
    expect(memoryNeedMb(planOf({ preset: 'ha' }))).toBeGreaterThan(memoryNeedMb(planOf({})));
    expect(memoryNeedMb(planOf({ taskNetwork: 'apps' }))).toBeGreaterThan(memoryNeedMb(planOf({})));
    expect(memoryNeedMb(planOf({ cleaner: { enabled: false } }))).toBeLessThan(memoryNeedMb(planOf({})));
    expect(memoryNeedMb(planOf({ images: { set: 'lite' } }))).toBeLessThan(memoryNeedMb(planOf({})));
    expect(memoryNeedMb(planOf({ agentDocker: 'socket' }))).toBeLessThan(memoryNeedMb(planOf({})));
  });

  it('is warned of when a lab just fits, and said gravest first', async () => {
    const facts = await factsOf(engines['Engine with user namespaces']);
    const plan = planOf({});
    const found = refusals({ ...facts, memoryMb: memoryNeedMb(plan) }, plan);
    expect(found.map(({ code, isWarning }) => [code, isWarning])).toEqual([
      ['MACHINE_DOCKER_ROOTLESS', false],
      ['MACHINE_DOCKER_MEMORY', true],
    ]);
    expect(found[1]?.fix).toContain('--image-set lite');
  });
});
