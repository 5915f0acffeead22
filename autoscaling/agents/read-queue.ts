import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { lackedScalars, lastDeclines } from '../../protocol/marathon/offer-declines.ts';
import { amounts, type Amounts } from './amounts.ts';
import type { Waiting } from './decide-agents.ts';

/** What Marathon has for the executor of a pod (raml PodExecutorResources). */
const executorDefaults: Amounts = { cpus: 0.1, mem: 32, disk: 10, gpus: 0 };

/**
 * What waits for offers. An agent that is full makes none, so that nothing may be known of why.
 * @param answer `/v2/queue` (queueObject.raml)
 */
export function readQueue(answer: unknown): readonly Waiting[] {
  return listAt(answer, 'queue').flatMap((item) => {
    const [app, pod] = [valueAt(item, 'app'), valueAt(item, 'pod')];
    const id = textAt(app, 'id') ?? textAt(pod, 'id');
    const count = numberAt(item, 'count') ?? 0;
    if (id === undefined || count === 0) return [];
    const otherwise = otherReason(item);
    return [
      {
        ...{ id, count, needs: app === undefined ? needsOfPod(pod) : amounts((kind) => numberAt(app, kind) ?? 0) },
        isDue: valueAt(item, 'delay', 'overdue') !== false,
        ...(otherwise === undefined ? {} : { otherwise }),
      },
    ];
  });
}

/** What all of the last offers lacked that no resources cure, in Marathon's words. */
function otherReason(item: unknown): string | undefined {
  const reasons = lastDeclines(item).map(({ reason }) => reason);
  const isOfResources = reasons.some((reason) => Object.hasOwn(lackedScalars, reason));
  return reasons.length === 0 || isOfResources ? undefined : reasons.join(', ');
}

function needsOfPod(pod: unknown): Amounts {
  const containers = listAt(pod, 'containers');
  return amounts((kind) => {
    const own = numberAt(pod, 'executorResources', kind) ?? executorDefaults[kind];
    return containers.reduce<number>((sum, each) => sum + (numberAt(each, 'resources', kind) ?? 0), own);
  });
}
