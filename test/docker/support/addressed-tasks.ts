import type { DockerLab } from './docker-lab.ts';
import { docker, hostEngine } from './engine.ts';
import { until } from './until.ts';

/** A task, as Marathon says of it. */
export interface AddressedTask {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly state: string;
  readonly ipAddresses: readonly { readonly ipAddress: string }[];
  readonly healthCheckResults?: readonly { readonly alive: boolean }[];
}

export const addressOf = ({ ipAddresses: [address] }: Pick<AddressedTask, 'ipAddresses'>) => address?.ipAddress ?? '';

/** Of nginx, at port 80 of an address of its own, one instance to an agent. */
export const addressedApp = (id: string, network: string, more: object = {}) => ({
  ...{ id, cpus: 0.1, mem: 32, instances: 1, constraints: [['hostname', 'UNIQUE']], backoffSeconds: 1 },
  labels: { HAPROXY_GROUP: 'external' },
  networks: [{ mode: 'container', name: network }],
  container: {
    ...{ type: 'DOCKER', docker: { image: 'nginx:1.27' } },
    portMappings: [{ containerPort: 80, servicePort: 10_002, protocol: 'tcp' }],
  },
  healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0, intervalSeconds: 1, maxConsecutiveFailures: 30 }],
  ...more,
});

const deadlineMs = 60_000;

/** The running tasks of an app as soon as there are so many, all of them healthy. */
export function wellTasks(lab: DockerLab, app: string, count: number) {
  return until(`${String(count)} healthy tasks of ${app}`, deadlineMs, async () => {
    const answer = (await lab.ask(8080, `/v2/apps/${app}`)) as {
      readonly app: { readonly tasks: readonly AddressedTask[] };
    };
    const tasks = answer.app.tasks.filter(({ state }) => state === 'TASK_RUNNING');
    const areWell = tasks.every(({ healthCheckResults = [] }) => healthCheckResults.some(({ alive }) => alive));
    return tasks.length === count && areWell ? { value: tasks } : { seen: JSON.stringify(answer.app.tasks) };
  });
}

const ask = (host: string, port: number) =>
  `exec 3<>/dev/tcp/${host}/${String(port)} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3`;

/** What a web server says first, asked from the network of a container, or of a process that it sees; else why not. */
export function askFrom(container: string, host: string, { port = 80, process = '' } = {}): Promise<string> {
  const inNetwork = process === '' ? [] : ['nsenter', '-t', process, '-n'];
  const words = [...inNetwork, 'timeout', '5', 'bash', '-c', ask(host, port)];
  return docker(hostEngine, 'exec', container, ...words).catch(String);
}

/** A process of a container in a network of an agent's own Engine. */
export const processIn = async (engine: string, network: string) => {
  const ids = await docker(hostEngine, 'exec', engine, 'docker', 'ps', '--quiet', '--filter', `network=${network}`);
  const [first = ''] = ids.split('\n');
  return docker(hostEngine, 'exec', engine, 'docker', 'inspect', '--format', '{{.State.Pid}}', first);
};
