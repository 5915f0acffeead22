import type { HttpRequest } from '../../http/http-request.ts';
import type { AppChange } from '../apps/app-repository.ts';
import { isPod } from '../pods/pod-spec.ts';
import type { ApiContext } from './api-context.ts';

/** The events of a change that came through the API: the request itself, and the health checks that come and go. */
export function announceChanges({ events }: ApiContext, request: HttpRequest, changes: readonly AppChange[]): void {
  for (const { id, before, after } of changes) {
    const known = after ?? before;
    // Whoever changes a pod tells so with events of its own.
    if (known !== undefined && isPod(known)) continue;
    const appDefinition = after ?? { id };
    events.publish('api_post_event', { clientIp: request.remoteAddress, uri: request.path, appDefinition });
    const isSame = JSON.stringify(before?.healthChecks) === JSON.stringify(after?.healthChecks);
    if (isSame) continue;
    // One for each, by the app alone (MarathonHealthCheckManager.remove of Marathon).
    for (const _ of before?.healthChecks ?? []) events.publish('remove_health_check_event', { appId: id });
    for (const healthCheck of after?.healthChecks ?? []) {
      events.publish('add_health_check_event', { appId: id, version: after?.version, healthCheck });
    }
  }
}
