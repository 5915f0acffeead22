import { listAt, numberAt, valueAt } from '../../protocol/json.ts';
import { portsOfApp } from '../../protocol/marathon/app-ports.ts';
import { simulatedAttribute } from '../../protocol/mesos-defaults.ts';
import type { AppDefinition, TaskSeen } from '../app-definition.ts';
import { describeAnswer } from '../cluster-client.ts';
import type { Cluster } from '../cluster-target.ts';
import { DrillRefusal } from './drill.ts';
import { askAnyOf } from './looks.ts';

/** Groups of drills begin with this; nobody's own apps are touched. */
export const groupPrefix = '/drill-';

/** How often Marathon asks the drill's app for its health, and how many failures it takes; its definition says so. */
export const healthCheck = { intervalSeconds: 1, timeoutSeconds: 1, maxConsecutiveFailures: 3 } as const;

/** How long Marathon waits after a failure of it: its own defaults, which the definition says. */
export const backoffOf = { backoffSeconds: 1, backoffFactor: 1.15, maxLaunchDelaySeconds: 300 } as const;

/** How many instances it has, each on another agent: two where one more agent can take the place of one that is lost. */
export const instancesOn = (agents: number): number => (agents >= 3 ? 2 : 1);

const accepted = [200, 201];

/**
 * The app that clients of a drill use: what the lab's own nginx is, spread over two agents, at a service port that no app has.
 * @param servicePort 0: Marathon chooses
 */
export function drillApp(nginx: AppDefinition, id: string, servicePort: number, { target }: Cluster): AppDefinition {
  const container = valueAt(nginx, 'container') as object | undefined;
  const mappings = listAt(nginx, 'container', 'portMappings').map((mapping) => ({
    ...(mapping as object),
    servicePort,
  }));
  const { agents, simulatedAgents = 0 } = target.expected ?? { agents: [] };
  return {
    ...nginx,
    id,
    instances: instancesOn(agents.length),
    cpus: 0.1,
    constraints: [
      ['hostname', 'UNIQUE'],
      // What shall answer cannot be where nothing runs.
      ...(simulatedAgents > 0 ? [[simulatedAttribute.name, 'UNLIKE', simulatedAttribute.value]] : []),
    ],
    ...backoffOf,
    container: { ...container, portMappings: mappings },
    healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0, gracePeriodSeconds: 300, ...healthCheck }],
  };
}

/** Changes something at Marathon. @throws DrillRefusal with its words when it does not do that */
export async function tellMarathon(
  { target, client }: Cluster,
  request: { readonly method: 'POST' | 'PUT' | 'DELETE'; readonly path: string; readonly body?: unknown },
  signal: AbortSignal,
): Promise<unknown> {
  let fault = 'there is no Marathon';
  const { method, path, body } = request;
  for (const url of target.marathons) {
    try {
      const answer = await client.ask(`${url}${path}`, signal, { method, ...(body === undefined ? {} : { body }) });
      if (accepted.includes(answer.status)) return answer.json;
      fault = `${method} ${path} answers ${describeAnswer(answer)}`;
    } catch (error) {
      signal.throwIfAborted();
      fault = error instanceof Error ? error.message : String(error);
    }
  }
  throw new DrillRefusal('not healthy', 'Marathon does not do what the drill needs', { found: fault });
}

/** The last service port of the load balancer that no app has; 0 where its ports are not known. */
export async function freeServicePort(cluster: Cluster, signal: AbortSignal): Promise<number> {
  const { services } = cluster.target;
  if (services?.last === undefined) return 0;
  const answer = await askAnyOf(cluster, cluster.target.marathons, '/v2/apps', signal);
  const taken = new Set(listAt(answer?.json, 'apps').flatMap((app) => portsOfApp(app).map((port) => port.servicePort)));
  for (let port = services.last; port >= services.first; port--) if (!taken.has(port)) return port;
  throw new DrillRefusal('not healthy', 'every service port of the load balancer is taken by an app', {
    found: `${services.first}-${services.last}`,
    fix: 'Remove an app, or give the load balancer more ports: ports.services in mesos-cluster.yaml',
  });
}

/** How many instances run and are healthy. */
export const healthyOf = (tasks: readonly TaskSeen[] = []): number =>
  tasks.filter(({ state, alive }) => state === 'TASK_RUNNING' && alive === true).length;

/** How Marathon treats instances that are out of reach: what it made of the app's definition. Seconds. */
export async function patienceOf(cluster: Cluster, app: string, signal: AbortSignal): Promise<number> {
  const answer = await askAnyOf(cluster, cluster.target.marathons, `/v2/apps${app}`, signal);
  return numberAt(answer?.json, 'app', 'unreachableStrategy', 'inactiveAfterSeconds') ?? 0;
}

/** What there is of a group of a drill; undefined when Marathon does not say. */
export async function remainsOf(
  cluster: Cluster,
  group: string,
  signal: AbortSignal,
): Promise<{ readonly apps: boolean; readonly deployments: boolean } | undefined> {
  const [apps, deployments] = await Promise.all(
    ['/v2/apps', '/v2/deployments'].map((path) => askAnyOf(cluster, cluster.target.marathons, path, signal)),
  );
  if (apps === undefined || deployments === undefined) return undefined;
  const ofGroup = (id: unknown) => String(id).startsWith(`${group}/`);
  return {
    apps: listAt(apps.json, 'apps').some((app) => ofGroup(valueAt(app, 'id'))),
    deployments: listAt(deployments.json).some((each) => listAt(each, 'affectedApps').some(ofGroup)),
  };
}
