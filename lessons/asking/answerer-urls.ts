import { StepFailure, type LessonWorld } from '../lesson-world.ts';
import { leadingMaster } from './ask-cluster.ts';

type World = Pick<LessonWorld, 'cluster' | 'plan'>;

/**
 * Where somebody is asked whom a step names: those that lead, an add-on, or an agent by its name.
 * @throws StepFailure when the lab has none
 */
export async function urlsOf(world: World, of: string, signal: AbortSignal): Promise<readonly string[]> {
  const { cluster, plan } = world;
  const { target, client } = cluster;
  if (of === 'mesos-master') return [await leadingMaster(world, signal)];
  const agent = (target.expected?.agents ?? []).find(({ name }) => name === of);
  if (agent !== undefined) return [client.urlFor(`${agent.hostname}:${agent.port}`)];
  const addons = plan.urls.addons.filter(({ role }) => role === of).map(({ url }) => url);
  const known: Readonly<Record<string, readonly string[]>> = {
    marathon: target.marathons,
    'marathon-lb': target.loadBalancer === undefined ? [] : [target.loadBalancer],
    chronos: target.chronoses ?? [],
    'mesos-dns': target.mesosDns === undefined ? [] : [target.mesosDns.url],
  };
  const urls = Object.hasOwn(known, of) ? (known[of] ?? []) : addons;
  if (urls.length === 0) throw new StepFailure(`This lab has no ${of}`);
  return urls;
}
