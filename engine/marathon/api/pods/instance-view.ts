import type { Leader } from '../../leadership/leader.ts';
import { podHealth, specOf, type PodInstance } from '../../pods/pod-instance.ts';
import { isoTime } from '../../timestamps.ts';

/** An instance as whoever kills it is told of it (instance.raml of Marathon). */
export function instanceView({ shared }: Leader, instance: PodInstance): object {
  const spec = specOf(shared, instance);
  const { condition, goal, startedAt } = instance;
  return {
    instanceId: instance.id,
    state: {
      condition,
      since: isoTime(Math.max(...instance.containers.map(({ since }) => since))),
      activeSince: startedAt === undefined ? undefined : isoTime(startedAt),
      healthy: spec && podHealth(spec.pod, instance),
      goal,
    },
    agentInfo: {
      host: instance.host,
      agentId: instance.agentId,
      region: instance.attributes['@region'],
      zone: instance.attributes['@zone'],
      attributes: [],
    },
    runSpecVersion: instance.version,
    unreachableStrategy: spec?.unreachableStrategy,
  };
}
