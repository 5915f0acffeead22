import { serviceUrl, type ServicesTarget } from '../../checks/cluster-target.ts';
import { describeAnswer } from '../../checks/cluster-client.ts';
import { excerpt } from '../../checks/excerpt.ts';
import { readStatistics, sessionsBetween, sessionsOf } from '../../checks/haproxy-statistics.ts';
import type { Seen } from '../../checks/poll-until.ts';
import { readApp } from '../../checks/app-definition.ts';
import type { Look } from '../../planning/lesson/lesson-shape.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import { askMarathon } from '../asking/ask-cluster.ts';
import { StepFailure, type LessonWorld } from '../lesson-world.ts';

type Wanted = Extract<Look, { readonly kind: 'request' }>['value'];

/** What the load balancer answers at a service port, or to a virtual host. */
export async function lookAtRequest(world: LessonWorld, wanted: Wanted, signal: AbortSignal): Promise<Seen> {
  const { client } = world.cluster;
  const { path = '/', host, status = 200, contains, reaches } = wanted;
  const services = servicesOf(world);
  const port = wanted.servicePort ?? (await servicePortOf(world, wanted.app ?? '', signal));
  if (port === undefined) return { ok: false, seen: `${wanted.app ?? ''} has no service port` };
  const base = host === undefined ? serviceUrl(services, port) : virtualHostUrl(world);
  const url = `${base}${path}`;
  const headers = host === undefined ? {} : { headers: { Host: host } };
  const before = reaches === undefined ? [] : await sessions(world, port, signal);
  const times = 2 * (reaches ?? 1);
  let seen = '';
  for (let time = 0; time < (reaches === undefined ? 1 : times); time++) {
    const answer = await client.ask(url, signal, headers);
    seen = `${url} answers ${answer.status}`;
    if (answer.status !== status)
      return { ok: false, seen: `${url} answers ${describeAnswer(answer)}, wanted is ${status}` };
    if (contains !== undefined && !answer.text.includes(contains)) {
      return { ok: false, seen: `${url} answers "${excerpt(answer.text)}", in which there is no "${contains}"` };
    }
  }
  if (reaches === undefined) return { ok: true, seen };
  const reached = sessionsBetween(before, await sessions(world, port, signal)).filter(({ total }) => total > 0);
  const names = reached.map(({ server, total }) => `${server} ${total}`).join(', ');
  const words = `${times} requests to ${url} reached ${reached.length} of its instances${names === '' ? '' : `: ${names}`}`;
  return {
    ok: reached.length === reaches,
    seen: reached.length === reaches ? words : `${words}; wanted are ${reaches}`,
  };
}

/** Where apps are served. @throws StepFailure when the lab has no load balancer */
export function servicesOf({ cluster }: Pick<LessonWorld, 'cluster'>): ServicesTarget {
  const { services } = cluster.target;
  if (services === undefined) throw new StepFailure('This lab has no load balancer in reach');
  return services;
}

/** The first service port of an app. @throws Error when Marathon has no such app */
export async function servicePortOf(world: LessonWorld, app: string, signal: AbortSignal): Promise<number | undefined> {
  const answer = await askMarathon(world, appPath(app), signal);
  if (answer.status !== 200) throw new Error(`Marathon has no app ${app}`);
  return readApp(answer.json).servicePort;
}

async function sessions({ cluster: { client, target } }: LessonWorld, port: number, signal: AbortSignal) {
  const { text } = await client.ask(`${target.loadBalancer ?? ''}/haproxy?stats;csv`, signal);
  return sessionsOf(readStatistics(text), port);
}

/** Port 80 of the load balancer, where the lab publishes it. @throws StepFailure when it does not */
function virtualHostUrl({ cluster: { target }, plan }: LessonWorld): string {
  const balancer = plan.nodes.flatMap(({ components }) => components).find(({ role }) => role === 'marathon-lb');
  const port = balancer?.ports.find(({ name }) => name === 'virtual-hosts');
  const at = plan.placement === 'machines' ? 80 : port?.published;
  if (at === undefined || target.services === undefined) {
    throw new StepFailure(
      'This lab does not publish the port of virtual hosts: ports.virtual-hosts in mesos-cluster.yaml',
    );
  }
  return `http://${target.services.host}:${at}`;
}
