import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { environmentFiles } from '../../generators/environment-file.ts';
import { generateLabs } from '../../scripts/generated/lab-folders.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { labNetwork } from '../../planning/plan/lab-network.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { composeSchemaErrors, isComposeFile, readCompose, sourceOf, type Service } from '../support/compose-file.ts';

const labs = await generateLabs(fileURLToPath(new URL('../..', import.meta.url)));
const cases = labs.flatMap(({ folder, plan, files }) =>
  files.filter(isComposeFile).map(({ path, content }) => ({
    name: `${folder}/${path}`,
    plan,
    content,
    file: readCompose(content),
  })),
);

const planOf = (spec: Partial<ClusterSpec> = {}): Plan => planCluster({ name: 'lab', ...spec });
const compose = (spec: Partial<ClusterSpec> = {}) => readCompose(composeFiles(planOf(spec))[0]?.content ?? '');
const resourcesOf = ({ environment }: Service): string => {
  const value = environment?.MESOS_RESOURCES;
  return typeof value === 'string' ? value : '';
};
const roleOf = ({ labels }: Service) => labels?.['create-mesos-cluster.role'];
/** Services that answer nothing: one sleeps, others listen to Docker. */
const answersNothing = (service: Service) => ['node', 'pod-keeper', 'cleaner'].includes(String(roleOf(service)));

describe.each(cases)('$name', ({ plan, file, content }) => {
  const services = Object.entries(file.services);

  it('is what the Compose Specification allows', () => {
    expect(composeSchemaErrors(file)).toEqual([]);
    expect(file.name).toBe(plan.name);
  });

  it('lets every service restart, within limits of memory and logs, marked as of this lab', () => {
    for (const [name, service] of services) {
      expect(service, name).toMatchObject({
        restart: 'unless-stopped',
        logging: { driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } },
        labels: {
          'create-mesos-cluster.lab': plan.name,
          'create-mesos-cluster.node': expect.any(String),
          'create-mesos-cluster.role': expect.any(String),
        },
      });
      expect(service.healthcheck === undefined, `${name} has no health check`).toBe(answersNothing(service));
      // Plain commands run in the container of their agent: one that offers its whole machine may use all of it.
      const offersAll = service.environment?.MESOS_MASTER !== undefined && !/mem/.test(resourcesOf(service));
      expect(service.mem_limit, name).toEqual(offersAll ? undefined : expect.stringMatching(/^\d+m$/));
    }
  });

  it('publishes ports on the bind address only, and none on a machine of its own', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    // Tasks in the machine's Engine reach Mesos-DNS and agents at the machine's address in the lab's own network.
    const asksNames = services.some(([, { environment }]) => environment?.MESOS_DEFAULT_CONTAINER_DNS !== undefined);
    const { gateway } = labNetwork(plan.name, plan.portOffset);
    const agents = plan.nodes.flatMap(({ components }) => components.filter(({ role }) => role === 'mesos-agent'));
    const forTasks = ['53/udp', '53/tcp', ...agents.map((agent) => String(agent.ports[0]?.target))];
    const expected = forTasks.map((port) => `${gateway}:${port.replace(/\/.*/, '')}:${port}`);
    const others = ports.filter((port) => !port.startsWith(`${plan.bind}:`));
    expect(others.toSorted()).toEqual(asksNames ? expected.toSorted() : []);
    if (plan.placement === 'machines') expect(ports).toEqual([]);
    else expect(ports).not.toEqual([]);
  });

  it('gives privileges only to the Engines of agents and to what sets their network, to agents that use that of their machine, and to those of clusterd', () => {
    const allowed = [
      ...(plan.agentDocker === 'dind' ? ['docker-engine', 'task-network'] : ['mesos-agent']),
      ...(plan.imageSet === 'clusterd' ? ['mesos-agent'] : []),
    ];
    const privileged = services.filter(([, service]) => service.privileged === true);
    expect(privileged.filter(([, service]) => !allowed.includes(String(roleOf(service))))).toEqual([]);
  });

  it("gives the machine's Docker socket to agents that share it, to who looks after pods, counts containers, or reads what they say; none has a TCP port", () => {
    const role = plan.agentDocker === 'socket' ? 'mesos-agent' : 'pod-keeper';
    const sockets = services.filter(([, { volumes }]) =>
      volumes?.some((mount) => JSON.stringify(mount).includes('docker.sock')),
    );
    const allowed = services.filter(([, service]) =>
      [role, 'cadvisor', 'logs'].some((each) => each === roleOf(service)),
    );
    expect(sockets.map(([name]) => name)).toEqual(allowed.map(([name]) => name));
    expect(content).not.toMatch(/:?\b237[56]\b/);
  });

  it('names only services and volumes that are there', () => {
    const named = services.flatMap(([, { depends_on, network_mode }]) => [
      ...Object.keys(depends_on ?? {}),
      ...(network_mode?.startsWith('service:') === true ? [network_mode.slice('service:'.length)] : []),
    ]);
    expect(named.filter((name) => !Object.hasOwn(file.services, name))).toEqual([]);
    const sources = services.flatMap(([, service]) => (service.volumes ?? []).map(sourceOf));
    expect([...new Set(sources.filter((source) => !/^[./$]/.test(source)))].sort()).toEqual(
      Object.keys(file.volumes ?? {}).sort(),
    );
    for (const entry of [...Object.values(file.volumes ?? {}), ...Object.values(file.networks ?? {})]) {
      expect(entry.labels).toEqual({ 'create-mesos-cluster.lab': plan.name });
    }
  });

  it('has text in every variable, so that no reader makes a number or a boolean of it', () => {
    const values = services.flatMap(([, { environment }]) => Object.entries(environment ?? {}));
    expect(values.filter(([, value]) => typeof value !== 'string')).toEqual([]);
  });

  it('has a dollar sign only where it is escaped, but for the place of the Docker socket', () => {
    const open = content.replaceAll('$$', '').match(/\$.*/g) ?? [];
    expect(open.filter((rest) => !rest.startsWith('${DOCKER_SOCKET:-/var/run/docker.sock}'))).toEqual([]);
  });
});

describe('an agent with an Engine of its own', () => {
  const { services } = compose();

  it('is a pod of three whose network and processes belong to the one that only sleeps', () => {
    expect(services['agent1-node']).toMatchObject({
      entrypoint: ['sleep', 'infinity'],
      init: true,
      hostname: 'agent1',
    });
    for (const name of ['agent1-docker', 'agent1']) {
      expect(services[name]).toMatchObject({ network_mode: 'service:agent1-node', pid: 'service:agent1-node' });
    }
  });

  it('shares the socket and the work directory with its Engine at the same paths', () => {
    const shared = ['agent1-run:/var/run', 'agent1-work:/var/lib/mesos'];
    expect(services['agent1-docker']?.volumes).toEqual([...shared, 'agent1-images:/var/lib/docker']);
    expect(services.agent1?.volumes).toEqual(shared);
  });

  it('starts after its Engine, and again with its pod', () => {
    expect(services.agent1?.depends_on).toMatchObject({
      'agent1-node': { condition: 'service_started', restart: true },
      'agent1-docker': { condition: 'service_healthy' },
    });
  });
});

describe('who looks after the pods of agents', () => {
  it('has the Docker socket and nothing else', () => {
    expect(compose().services['pod-keeper']).toMatchObject({
      network_mode: 'none',
      read_only: true,
      cap_drop: ['ALL'],
      volumes: ['${DOCKER_SOCKET:-/var/run/docker.sock}:/var/run/docker.sock'],
    });
  });

  it.each<Partial<ClusterSpec>>([{ agentDocker: 'socket' }, { counts: { agents: 0 } }])(
    'is not there without pods: %j',
    (spec) => {
      expect(compose(spec).services).not.toHaveProperty(['pod-keeper']);
    },
  );
});

describe('what removes ended containers from the Engine of an agent', () => {
  it('has the socket of that Engine and nothing else, and ends with the pod', () => {
    expect(compose({ cleaner: { containers: 5 } }).services['agent2-cleaner']).toMatchObject({
      ...{ network_mode: 'none', pid: 'service:agent2-node', read_only: true, cap_drop: ['ALL'] },
      volumes: ['agent2-run:/var/run:ro'],
      environment: { CLEANER_CONTAINERS: '5', CLEANER_AGE_SECONDS: '900', CLEANER_WORK_DIR: '/var/lib/mesos' },
    });
  });

  it.each<Partial<ClusterSpec>>([
    { agentDocker: 'socket' },
    { counts: { agents: 0 } },
    { cleaner: { enabled: false } },
  ])('is not there, nor its program: %j', (spec) => {
    expect(composeFiles(planOf(spec))[0]?.content).not.toContain('cleaner');
  });
});

describe('what waits for what', () => {
  it('waits for health on one host', () => {
    expect(compose({ preset: 'ha' }).services.master1?.depends_on).toEqual(
      Object.fromEntries([1, 2, 3].map((n) => [`zookeeper${String(n)}`, { condition: 'service_healthy' }])),
    );
  });

  it('waits for health on several hosts when one of them has the only ZooKeeper', () => {
    expect(compose({ preset: 'three-vm' }).services['mesos-master']?.depends_on).toEqual({
      zookeeper: { condition: 'service_healthy' },
    });
  });

  it('does not wait for an ensemble that spans hosts: Compose would give up before the others are on', () => {
    const conditions = Object.values(compose({ preset: 'three-master' }).services).flatMap(({ depends_on }) =>
      Object.values(depends_on ?? {}).map(({ condition }) => condition),
    );
    expect(new Set(conditions)).toEqual(new Set(['service_started']));
  });
});

describe('the probe of an image', () => {
  const probed = (overrides: NonNullable<NonNullable<ClusterSpec['images']>['overrides']>) =>
    compose({ images: { overrides } }).services;

  it.each([
    ['curl', 'CMD curl --silent --fail --noproxy * --output /dev/null http://127.0.0.1:8080/ping'],
    ['wget', 'CMD wget -q -O /dev/null http://127.0.0.1:8080/ping'],
    ['nc', "CMD sh -c printf 'GET /ping HTTP/1.0\\r\\n\\r\\n' | nc 127.0.0.1 8080 | grep -q '^HTTP/1.[01] 200'"],
    ['http-probe', 'CMD http-probe http://127.0.0.1:8080/ping'],
  ] as const)('that is %s is what Marathon is asked with, and no other', (probe, test) => {
    const { marathon1, master1 } = probed({ marathon: { probe } });
    expect(marathon1?.healthcheck?.test?.join(' ')).toBe(test);
    expect(master1?.healthcheck?.test?.slice(0, 2)).toEqual(['CMD', 'bash']);
  });

  it('that is nc asks a ZooKeeper for its mode', () => {
    expect(probed({ zookeeper: { probe: 'nc' } }).zookeeper1?.healthcheck?.test).toEqual([
      ...['CMD', 'sh', '-c'],
      "printf srvr | nc 127.0.0.1 2181 | grep -q '^Mode: '",
    ]);
  });

  it('that is none leaves no health check, also not that of the image, and nobody waits for one', () => {
    const services = probed({ zookeeper: { probe: 'none' }, marathon: { probe: 'none' } });
    const conditions = (name: string, of: string) => services[name]?.depends_on?.[of]?.condition;
    expect(services.zookeeper1?.healthcheck).toEqual({ disable: true });
    expect(services.marathon1?.healthcheck).toEqual({ disable: true });
    expect(conditions('master1', 'zookeeper1')).toBe('service_started');
    expect(conditions('agent1', 'zookeeper1')).toBe('service_started');
    expect(conditions('marathon-lb', 'marathon1')).toBe('service_started');
    expect(conditions('marathon1', 'master1')).toBe('service_healthy');
  });
});

describe('add-ons', () => {
  const { services } = compose({
    addons: ['chronos', 'mesos-dns', 'registry'],
    registryMirror: 'https://mirror.example',
  });

  it('are Compose profiles', () => {
    const withProfiles = Object.entries(services).filter(([, { profiles }]) => profiles !== undefined);
    expect(Object.fromEntries(withProfiles.map(([name, { profiles }]) => [name, profiles]))).toEqual({
      chronos: ['chronos'],
      'mesos-dns': ['mesos-dns'],
      registry: ['registry'],
      'registry-store': ['registry'],
      'registry-cache': ['registry'],
    });
  });

  it('have a registry that only its gate reaches, which has the credentials from a file of the lab', () => {
    const { secrets, ...file } = compose({ addons: ['registry'] });
    const { registry: gate, 'registry-store': store } = file.services;
    expect(store).toMatchObject({ image: 'registry:2', network_mode: 'none' });
    expect(store).not.toHaveProperty('ports');
    expect(store?.environment).toMatchObject({
      REGISTRY_HTTP_NET: 'unix',
      REGISTRY_HTTP_ADDR: '/var/lib/registry/registry.sock',
    });
    expect(gate).toMatchObject({
      ...{ image: 'create-mesos-cluster/lite:local', ports: ['127.0.0.1:5000:5000'] },
      ...{
        volumes: ['registry-data:/var/lib/registry:ro'],
        secrets: [{ source: 'registry', target: '/run/secrets/registry' }],
      },
    });
    expect(gate).not.toHaveProperty('environment');
    expect(secrets).toEqual({ registry: { file: './secrets/registry' } });
  });

  it('have a gate that gets the credentials on the machine of the registry alone, from no file there', () => {
    const files = composeFiles(planOf({ preset: 'two-host', addons: ['registry'] })).map(({ path, content }) => ({
      ...{ path, compose: readCompose(content) },
    }));
    const withSecrets = files.filter(({ compose: { secrets } }) => secrets !== undefined);
    expect(withSecrets.map(({ path, compose: { secrets } }) => [path, secrets])).toEqual([
      ['nodes/test166/docker-compose.yml', { registry: { environment: 'REGISTRY_CREDENTIALS' } }],
    ]);
    const { registry: gate } = withSecrets[0]?.compose.services ?? {};
    expect(gate?.command).toEqual(expect.arrayContaining(['--at', '10.86.255.166:5000']));
  });

  it('take the image of the registry from its key, and that of its gate from another', () => {
    const overrides = {
      registry: { image: 'house.example/registry:3' },
      'registry-gate': { image: 'house.example/gate:1' },
    };
    const { services: own } = compose({ addons: ['registry'], images: { overrides } });
    expect([own['registry']?.image, own['registry-store']?.image, own['registry-cache']?.image]).toEqual([
      'house.example/gate:1',
      'house.example/registry:3',
      'house.example/registry:3',
    ]);
  });

  it('have a cache that asks the mirror of the house, and engines that ask the cache', () => {
    expect(services['registry-cache']?.environment?.REGISTRY_PROXY_REMOTEURL).toBe('https://mirror.example');
    expect(services['agent1-docker']?.command).toEqual([
      'dockerd',
      '--host=unix:///var/run/docker.sock',
      '--exec-root=/engine',
      '--pidfile=/engine/docker.pid',
      '--log-opt=max-size=10m',
      '--log-opt=max-file=2',
      expect.stringMatching(/^--dns=198\.19\.\d+\.53$/),
      '--registry-mirror=http://registry-cache:5000',
      '--insecure-registry=registry:5000',
      '--insecure-registry=registry-cache:5000',
    ]);
  });

  it('have a cache only for Engines of the lab', () => {
    const socket: Partial<ClusterSpec> = { addons: ['registry'], agentDocker: 'socket' };
    expect(Object.keys(compose(socket).volumes ?? {})).not.toContain('registry-cache-data');
    expect(planOf(socket).engine.arguments).toEqual(['--insecure-registry=registry:5000']);
    expect(compose({ preset: 'two-host', addons: ['registry'] }).services).toHaveProperty('registry-cache');
  });

  it('bring the configuration of Mesos-DNS', () => {
    const config = composeFiles(planOf({ addons: ['mesos-dns'] })).find(({ path }) => path === 'mesos-dns.json');
    // What is not of the lab, Docker's own server is asked for.
    const others = { externalon: true, resolvers: ['127.0.0.11'] };
    expect(JSON.parse(config?.content ?? '')).toMatchObject({ zk: 'zk://zookeeper1:2181/mesos', ...others });
  });

  it('have Mesos-DNS at a fixed address, and all that needs names of tasks ask it', () => {
    const { services: all, networks } = compose({ addons: ['mesos-dns'] });
    const { dns: [address = ''] = [] } = all['marathon1'] ?? {};
    expect(address).toMatch(/^198\.19\.\d+\.53$/);
    const asking = Object.entries(all).filter(([, { dns }]) => dns?.[0] === address);
    expect(asking.map(([name]) => name)).toEqual([
      ...['master1', 'agent1-node', 'agent2-node', 'marathon1', 'marathon-lb'],
    ]);
    expect(all['mesos-dns']?.networks).toEqual({ default: { ipv4_address: address } });
    const network = address.replace(/53$/, '');
    const range = { subnet: `${network}0/24`, ip_range: `${network}128/25` };
    expect(networks?.['default']).toMatchObject({ ipam: { config: [range] } });
    // Another lab has another one, and so has this one once its ports are moved.
    const other = compose({ addons: ['mesos-dns'], ports: { offset: 100 } }).services['marathon1']?.dns?.[0];
    expect(other).not.toBe(address);
    expect(compose().networks?.['default']).not.toHaveProperty('ipam');
  });

  it('bring it once for several on one host', () => {
    const nodes: ClusterSpec['nodes'] = [
      { name: 'one', roles: ['zookeeper', 'mesos-master', 'mesos-agent', 'mesos-dns'] },
      { name: 'two', roles: ['mesos-dns'] },
    ];
    const files = composeFiles(planOf({ nodes }));
    expect(files.map(({ path }) => path)).toEqual(['docker-compose.yml', 'mesos-dns.json']);
  });
});

describe('.env', () => {
  it('is not written when nothing differs from machine to machine', () => {
    expect(environmentFiles(planOf())).toEqual([]);
  });

  it('has the place of the Docker socket, and nothing that a clone of the lab would miss', () => {
    const [file, ...more] = environmentFiles(planOf({ addons: ['chronos', 'registry'], agentDocker: 'socket' }));
    expect(more).toEqual([]);
    expect(file?.path).toBe('.env');
    expect(file?.content).toMatch(/^DOCKER_SOCKET=\/var\/run\/docker\.sock$/m);
    expect(file?.content).not.toContain('COMPOSE_PROFILES');
  });

  it('stands beside the Compose file of each agent of several hosts', () => {
    expect(environmentFiles(planOf({ preset: 'three-vm' })).map(({ path }) => path)).toEqual([
      'nodes/node2/.env',
      'nodes/node3/.env',
    ]);
  });
});

describe('a value with a dollar sign', () => {
  it('reaches the program as it is', () => {
    const { services } = compose({ mesos: { cluster: '${HOME} $$ $(id)' } });
    expect(services.master1?.environment?.MESOS_CLUSTER).toBe('$${HOME} $$$$ $$(id)');
  });
});
