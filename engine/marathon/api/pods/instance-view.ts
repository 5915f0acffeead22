import { definitionOf } from '../../leadership/shared-parts.ts';
import type { Leader } from '../../leadership/leader.ts';
import { podHealth, type PodInstance } from '../../pods/pod-instance.ts';
import { isPod } from '../../pods/pod-spec.ts';
import { isoTime } from '../../timestamps.ts';

/** An instance as whoever kills it is told of it (instance.raml of Marathon). */
export function instanceView({ shared }: Leader, instance: PodInstance): object {
  const spec = definitionOf(shared, instance.appId, instance.version);
  const healthy = spec !== undefined && isPod(spec) ? podHealth(spec.pod, instance) : undefined;
  const { condition, goal, startedAt } = instance;
  return {
    instanceId: instance.id,
    state: {
      condition,
      since: isoTime(Math.max(...instance.containers.map(({ since }) => since))),
      activeSince: startedAt === undefined ? undefined : isoTime(startedAt),
      healthy,
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
