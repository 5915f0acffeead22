import type { SharedParts } from '../leadership/shared-parts.ts';
import type { Instance } from '../scheduling/instances.ts';
import { isResident, parked } from './resident.ts';

/** An instance has no task any more. What is reserved for it is kept for its next one, unless nobody will want that. */
export function leave({ instances, apps, releases }: SharedParts, instance: Instance): void {
  const app = apps.get(instance.appId);
  const { reservation, isWiped, taskId } = instance;
  if (reservation !== undefined && isWiped !== true && app !== undefined && isResident(app)) {
    instances.put(parked(instance));
    return;
  }
  instances.remove(taskId);
  if (reservation !== undefined) releases.add(instance.id);
}
