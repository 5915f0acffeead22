import { jsonPartsAnswer, listOf, objectOf } from '../../http/json-parts.ts';
import { route, type Route } from '../../http/router.ts';
import { ApiError } from '../marathon-error.ts';
import { isPod, podOf } from '../pods/pod-spec.ts';
import type { ApiContext } from './api-context.ts';
import { idIn } from './app-routes.ts';

/** /v2/queue: instances that wait for offers, or for the end of a delay (QueueResource.scala of Marathon). */
export const queueRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/v2/queue', (request) => {
    const { shared, queue } = context.leader();
    const withOffers = request.query.getAll('embed').includes('lastUnusedOffers');
    const queued = queue.appIds().flatMap((id) => {
      const app = shared.apps.get(id);
      const statistics = queue.statistics(id);
      return app === undefined || statistics === undefined ? [] : { id, app, statistics };
    });
    // With the last offers of all agents for all apps this is long: each entry is made while it is sent.
    const entries = listOf(queued, ({ id, app, statistics }) => {
      const leftMs = Math.max(0, shared.delays.until(app) - shared.clock());
      return {
        count: queue.count(id),
        delay: { timeLeftSeconds: Math.ceil(leftMs / 1000), overdue: leftMs === 0 },
        since: statistics.since,
        processedOffersSummary: statistics.summary(),
        ...(withOffers ? { lastUnusedOffers: statistics.lastUnusedOffers() } : {}),
        role: app.role,
        ...(isPod(app) ? { pod: podOf(app) } : { app }),
      };
    });
    return jsonPartsAnswer(200, objectOf({ queue: entries }));
  }),
  route('DELETE', '/v2/queue/*/delay', (_request, parameters) => {
    const { shared, queue } = context.leader();
    const id = idIn(parameters);
    if (queue.count(id) === 0) throw new ApiError(404, { message: `Application ${id} not found in tasks queue.` });
    shared.delays.reset(id);
    shared.wake();
    return { status: 204 };
  }),
];
