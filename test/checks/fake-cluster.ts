import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { fakePods, type Answer, type FakePods, type PodFaults } from './fake-pods.ts';

/** Breaks one thing each. */
export interface Faults extends PodFaults {
  /** It takes connections and does not answer; called when it is asked. */
  zookeeperSilent?: () => void;
  zookeeperWithoutLeader?: boolean;
  nobodyElected?: boolean;
  twoElected?: boolean;
  notRecovered?: boolean;
  standbyDown?: boolean;
  /** Another server answers in the place of the standby. */
  standbyForeign?: boolean;
  agentMissing?: boolean;
  agentInactive?: boolean;
  attributeWrong?: boolean;
  marathonDown?: boolean;
  noMarathonLeader?: boolean;
  frameworkMissing?: boolean;
  frameworkInactive?: boolean;
  balancerSick?: boolean;
  refuses?: string;
  neverRuns?: string;
  /** Each task of this app fails, as its image is in no registry. */
  cannotPull?: string;
  /** Each task of this app fails, with these words in the end. */
  failsWith?: { readonly app: string; readonly message: string; readonly stderr: string };
  /** Each task of this app runs for a look, and fails: the first one before it was looked at, or after. */
  flickers?: {
    readonly app: string;
    readonly message: string;
    readonly stderr: string;
    readonly begins: 'running' | 'failed';
  };
  /** A task of this app has failed, and the one that came after it runs. */
  failedOnce?: string;
  unhealthy?: boolean;
  oneAgentOnly?: boolean;
  instanceBroken?: boolean;
  instanceUnknown?: boolean;
  serviceBroken?: boolean;
  /** Another program listens on the service port. */
  serviceForeign?: boolean;
  alwaysTheSame?: boolean;
  noStatistics?: boolean;
  taskWithoutName?: boolean;
  nameWithoutAddress?: boolean;
  wrongGreeting?: boolean;
  wrongAgent?: boolean;
  deleteFails?: boolean;
}

interface FakeApp {
  readonly id: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface FakeCluster {
  readonly target: ClusterTarget;
  readonly faults: Faults;
  readonly apps: Map<string, FakeApp>;
  readonly pods: FakePods['pods'];
  /** `POST /v2/apps` and the like, in their order. */
  readonly writes: readonly string[];
  readonly stop: () => Promise<void>;
}

type Handler = (path: string, request: IncomingMessage, body: string) => Answer;

const frameworkId = 'cf47c429-bea8-4324-a17b-a51a4959bb58-0000';
const agentId = (index: number) => `cf47c429-bea8-4324-a17b-a51a4959bb58-S${index}`;
const notFound: Answer = [404, { message: 'not there' }];

/**
 * A fake of a whole cluster: two masters, two agents, Marathon, a load balancer with one service port, and a ZooKeeper.
 * Its answers have the shape of recorded ones; nothing runs in it.
 */
export async function startFakeCluster(): Promise<FakeCluster> {
  const faults: Faults = {};
  const apps = new Map<string, FakeApp>();
  const pods = fakePods(faults);
  const writes: string[] = [];
  const servers: (Server | TcpServer)[] = [];
  const sessions = new Map<number, number>();
  const urls: { instances: string[]; agents: string[]; service: string } = { instances: [], agents: [], service: '' };

  const http = async (handler: Handler) => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.once('end', () => {
        const [status, content, headers] = handler(request.url ?? '/', request, body);
        response.writeHead(status, headers).end(typeof content === 'string' ? content : JSON.stringify(content));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const slaves = () =>
    [0, 1]
      .filter((index) => !(faults.agentMissing === true && index === 1))
      .map((index) => ({
        id: agentId(index),
        hostname: `agent${index + 1}`,
        port: 5051,
        pid: `slave(1)@172.18.0.${index + 5}:5051`,
        active: !(faults.agentInactive === true && index === 1),
        attributes: index === 0 ? { rack: faults.attributeWrong === true ? 'b' : 'a', level: 10 } : {},
      }));
  const framework = () => ({
    id: frameworkId,
    name: 'marathon',
    active: faults.frameworkInactive !== true,
    connected: faults.frameworkInactive !== true,
  });
  const leading: Handler = (path, _, body) => {
    if (path === '/metrics/snapshot') return [200, { 'master/elected': faults.nobodyElected === true ? 0 : 1 }];
    if (path === '/version') return [200, { version: '1.12.0' }];
    if (path === '/slaves') return [200, { slaves: slaves(), recovered_slaves: [] }];
    if (path.startsWith('/slaves?slave_id=')) {
      return [200, { slaves: slaves().filter(({ id }) => path.endsWith(`=${id}`)), recovered_slaves: [] }];
    }
    if (path === '/frameworks') return [200, { frameworks: faults.frameworkMissing === true ? [] : [framework()] }];
    if (path === '/redirect') return [307, '', { Location: leader.replace('http:', '') }];
    if (path !== '/api/v1') return notFound;
    if (faults.notRecovered === true) return [503, 'Master has not finished recovery'];
    if (body.includes('GET_HEALTH')) return [200, { type: 'GET_HEALTH', get_health: { healthy: true } }];
    return [200, { type: 'GET_MASTER', get_master: { master_info: { id: 'm1', version: '1.12.0' } } }];
  };
  const leader = await http(leading);
  const standby = await http((path) => {
    if (faults.standbyDown === true) return [503, 'gone'];
    if (faults.standbyForeign === true) return [200, '<html>Sign in</html>'];
    if (path === '/metrics/snapshot') return [200, { 'master/elected': faults.twoElected === true ? 1 : 0 }];
    if (path === '/version') return [200, { version: '1.12.0' }];
    return [307, '', { Location: '//master1:5050/master' + path }];
  });

  const tasksOf = (app: FakeApp) =>
    faults.neverRuns === app.id || faults.cannotPull === app.id || faults.failsWith?.app === app.id
      ? []
      : Array.from({ length: Number(app.definition['instances'] ?? 1) }, (_, index) => ({
          id: `${app.id.slice(1)}.instance-${index}._app.1`,
          host: faults.instanceUnknown === true ? 'agent9.invalid' : `agent${index + 1}`,
          slaveId: agentId(faults.oneAgentOnly === true ? 0 : index),
          ports: app.id === '/nginx' ? [Number(new URL(urls.instances[index] ?? '').port)] : [],
          state: 'TASK_RUNNING',
          ...(app.id === '/nginx' ? { healthCheckResults: [{ alive: faults.unhealthy !== true || index > 0 }] } : {}),
        }));
  let failures = 0;
  let flickers = 0;
  const failure = (message: string) => ({
    state: 'TASK_FAILED',
    message,
    slaveId: agentId(0),
    taskId: `nginx.instance-${failures++}._app.1`,
  });
  const pullFailure = `Failed to launch container: Failed to run 'docker -H unix:///var/run/docker.sock pull nginx:1.27': exited with status 1; stderr='no such host'`;
  /** Looks alternate: a task runs, and it has failed. */
  const flicker = ({ message, begins }: NonNullable<Faults['flickers']>, app: FakeApp) => {
    const isRunning = (flickers++ % 2 === 0) === (begins === 'running');
    if (!isRunning) return { tasks: [], lastTaskFailure: failure(message) };
    const task = { ...tasksOf(app)[0], id: `basic-0.instance-f${flickers}._app.1` };
    if (failures === 0) return { tasks: [task] };
    const taskId = `nginx.instance-${failures - 1}._app.1`;
    return { tasks: [task], lastTaskFailure: { state: 'TASK_FAILED', message, slaveId: agentId(0), taskId } };
  };
  const show = (app: FakeApp) => ({
    app: {
      ...app.definition,
      id: app.id,
      tasks: tasksOf(app),
      ...(faults.neverRuns === app.id ? { lastTaskFailure: { state: 'TASK_FAILED', message: 'no such command' } } : {}),
      ...(faults.cannotPull === app.id ? { lastTaskFailure: failure(pullFailure) } : {}),
      ...(faults.failedOnce === app.id ? { lastTaskFailure: { state: 'TASK_FAILED', message: 'too soon' } } : {}),
      ...(faults.flickers?.app === app.id ? flicker(faults.flickers, app) : {}),
      ...(faults.failsWith?.app === app.id ? { lastTaskFailure: failure(faults.failsWith.message) } : {}),
    },
  });
  const marathon = await http((path, { method = 'GET' }, body) => {
    if (faults.marathonDown === true) return [503, 'no'];
    const pathOnly = path.replace(/\?.*/, '');
    if (pathOnly === '/ping') return [200, 'pong'];
    if (pathOnly === '/v2/leader') {
      return faults.noMarathonLeader === true
        ? [404, { message: 'There is no leader' }]
        : [200, { leader: 'marathon1:8080' }];
    }
    if (pathOnly === '/v2/info') return [200, { name: 'marathon', version: '1.11.24', frameworkId }];
    if (pathOnly === '/v2/deployments') return [200, pods.deployments()];
    if (pathOnly === '/v2/queue')
      return [
        200,
        {
          queue: [
            {
              app: { id: '/basic-0' },
              processedOffersSummary: {
                rejectSummaryLastOffers: [{ reason: 'InsufficientMemory', declined: 2, processed: 2 }],
              },
            },
          ],
        },
      ];
    if (method !== 'GET' && method !== 'HEAD') writes.push(`${method} ${path}`);
    if (pathOnly.startsWith('/v2/pods')) return pods.answer(method, pathOnly, body);
    const sent = method === 'POST' || method === 'PUT' ? (JSON.parse(body) as FakeApp['definition']) : {};
    const id = method === 'POST' ? String(sent['id']) : pathOnly.replace('/v2/apps', '');
    const app = apps.get(id);
    if (method === 'GET') return app === undefined ? notFound : [200, show(app)];
    if (method === 'DELETE') {
      if (faults.deleteFails === true) return [500, 'broken'];
      return apps.delete(id) ? [200, { version: '1', deploymentId: 'd2' }] : notFound;
    }
    if (faults.refuses === id) return [422, { message: 'Object is not valid', details: [] }];
    if (method === 'POST' && app !== undefined) return [409, { message: `An app with id [${id}] already exists.` }];
    apps.set(id, { id, definition: sent });
    return [method === 'POST' ? 201 : 200, { deploymentId: 'd1', version: '1' }];
  });

  urls.instances = [
    await http(() => (faults.instanceBroken === true ? [500, 'broken'] : [200, 'nginx'])),
    await http(() => [200, 'nginx', { 'X-Simulated': 'true' }]),
  ];
  urls.agents = await Promise.all(
    [0, 1].map((index) =>
      http((path) => {
        const directory = `/var/lib/mesos/slaves/${agentId(index)}/executors/basic-0/runs/1`;
        if (path === '/flags') {
          return [200, { flags: { containerizers: faults.noPods === 'containerizer' ? 'docker' : 'docker,mesos' } }];
        }
        if (path === '/state') {
          const executors = [{ id: 'basic-0.instance-0._app.1', directory, tasks: [] }];
          const ended = { id: `nginx.instance-${failures - 1}._app.1`, directory: '/ended', tasks: [] };
          const frameworks = [{ executors, completed_executors: [ended] }];
          return [200, { id: agentId(faults.wrongAgent === true ? 7 : index), frameworks }];
        }
        const stderr = (faults.failsWith ?? faults.flickers)?.stderr ?? '';
        const read = (offset: number) => `/files/read?path=%2Fended%2Fstderr&offset=${offset}&length=65536`;
        if (path === read(-1)) return [200, { data: '', offset: stderr.length }];
        const from = Math.max(0, stderr.length - 16_384);
        if (path === read(from)) return [200, { data: stderr.slice(from), offset: from }];
        const wanted = `/files/read?path=${encodeURIComponent(`${directory}/stdout`)}&offset=0&length=65536`;
        if (path !== wanted) return notFound;
        const line = faults.wrongGreeting === true ? 'something else\n' : 'Hello Marathon\n';
        return [200, { data: line.repeat(2), offset: 0 }];
      }),
    ),
  );
  let turn = 0;
  urls.service = await http(() => {
    if (faults.serviceBroken === true) return [503, '<h1>503 Service Unavailable</h1>'];
    if (faults.serviceForeign === true) return [200, 'somebody else'];
    const server = faults.alwaysTheSame === true ? 0 : turn++ % 2;
    sessions.set(server, (sessions.get(server) ?? 0) + 1);
    return [200, 'nginx'];
  });
  const servicePort = Number(new URL(urls.service).port);
  const balancer = await http((path) => {
    if (path === '/_haproxy_health_check') return faults.balancerSick === true ? [503, 'sick'] : [200, 'fine'];
    if (path !== '/haproxy?stats;csv' || faults.noStatistics === true) return notFound;
    const rows = ['FRONTEND', 'agent1_31000', 'agent2_31000', 'BACKEND'].map(
      (name, index) => `nginx_10000,${name},0,0,${sessions.get(index - 1) ?? 0},`,
    );
    return [200, ['# pxname,svname,qcur,qmax,stot,', ...rows, ''].join('\n')];
  });

  const mesosDns = await http((path) => {
    const [name, id] = ['basic-0.marathon.mesos.', 'basic-0.instance-0._app.1'];
    if (path === `/v1/hosts/${name}`)
      return [200, [{ host: name, ip: faults.nameWithoutAddress === true ? '' : '10.0.0.1' }]];
    if (path !== '/v1/enumerate') return notFound;
    const records = faults.taskWithoutName === true ? null : [{ name, host: '10.0.0.1', rtype: 'A' }];
    return [200, { frameworks: [{ name: 'marathon', tasks: [{ id, name: 'basic-0', records }] }] }];
  });
  const sockets: Socket[] = [];
  const zookeeper = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (faults.zookeeperSilent !== undefined) {
        faults.zookeeperSilent();
        return;
      }
      const mode = faults.zookeeperWithoutLeader === true ? 'follower' : 'standalone';
      socket.end(
        `Zookeeper version: 3.9.5-abc, built on x\nLatency min/avg/max: 0/0/0\nMode: ${mode}\nNode count: 5\n`,
      );
    });
  });
  servers.push(zookeeper);
  await new Promise<void>((resolve) => zookeeper.listen(0, '127.0.0.1', resolve));
  return {
    faults,
    apps,
    pods: pods.pods,
    writes,
    target: {
      masters: [leader, standby],
      marathons: [marathon],
      loadBalancer: balancer,
      mesosDns: { url: mesosDns },
      services: { host: '127.0.0.1', first: 10_000, published: servicePort },
      zookeepers: [{ name: 'zookeeper1', host: '127.0.0.1', port: (zookeeper.address() as AddressInfo).port }],
      expected: {
        masterCount: 2,
        agents: [
          { name: 'agent1', hostname: 'agent1', port: 5051, attributes: 'rack:a; level:10.0' },
          { name: 'agent2', hostname: 'agent2', port: 5051, attributes: '' },
        ],
      },
      hosts: {
        'master1:5050': leader,
        'agent1:5051': urls.agents[0] ?? '',
        'agent2:5051': urls.agents[1] ?? '',
        agent1: '127.0.0.1',
        agent2: '127.0.0.1',
      },
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        servers.map(
          (server) =>
            new Promise((resolve) => {
              server.close(resolve);
              if ('closeAllConnections' in server) server.closeAllConnections();
            }),
        ),
      );
    },
  };
}
