import type { App } from '../../../../protocol/marathon.ts';
import { sharedIdError } from '../../deployments/plan-change.ts';
import { notValid } from '../../marathon-error.ts';
import { isPod } from '../../pods/pod-spec.ts';

/** Where an app is asked for. @throws ApiError 422 when a pod is there */
export function refusePod(present: App | undefined): void {
  if (present !== undefined && isPod(present)) throw notValid([{ path: '/', error: sharedIdError(present.id) }]);
}
