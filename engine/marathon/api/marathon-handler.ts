import { jsonAnswer, type HttpAnswer, type HttpError } from '../../http/http-answer.ts';
import type { Handler } from '../../http/http-server.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { route, router } from '../../http/router.ts';
import type { OwnPage } from '../../pages/own-page.ts';
import { ApiError } from '../marathon-error.ts';
import type { ApiContext } from './api-context.ts';
import { appRoutes } from './app-routes.ts';
import { appsRoutes } from './apps-routes.ts';
import { deploymentsRoutes } from './deployments-routes.ts';
import { eventsRoute } from './events-route.ts';
import { groupsRoutes } from './groups-routes.ts';
import { infoRoutes, localRoutes } from './info-routes.ts';
import { forwardToLeader } from '../../framework/leadership/leader-proxy.ts';
import { podsRoutes } from './pods/pods-routes.ts';
import { queueRoutes } from './queue-routes.ts';
import { tasksRoutes } from './tasks-routes.ts';

interface HandlerOptions {
  readonly page: OwnPage;
  readonly context: ApiContext;
  /** URL of the leader if it is another one; waits a little while the election is going on. */
  readonly otherLeader: () => Promise<string | undefined>;
  /** `host:port` of this Marathon. */
  readonly self: string;
}

/** CacheDisablingFilter.scala of Marathon, which has no other headers of caches: no ETag, no Last-Modified. */
const notCached = { 'Cache-Control': 'no-cache, no-store, must-revalidate', Pragma: 'no-cache', Expires: '0' };

const viaHeader = 'X-Marathon-Via';
const failure = (status: number, message: string) => jsonAnswer(status, { message });

const localPaths = new Set(['/ping', '/metrics', '/metrics/prometheus']);

/** The whole of Marathon's API: what the leader answers, and how the others ask it. */
export function marathonHandler({ page, context, otherLeader, self }: HandlerOptions): Handler {
  const notFound = (request: HttpRequest): HttpAnswer => {
    throw new ApiError(404, { message: `URI not found: ${request.path}` });
  };
  const local = router(localRoutes(context), notFound);
  const leading = router(
    [
      ...infoRoutes(context),
      ...appsRoutes(context),
      ...tasksRoutes(context),
      ...appRoutes(context),
      ...podsRoutes(context),
      ...deploymentsRoutes(context),
      ...queueRoutes(context),
      ...groupsRoutes(context),
      eventsRoute(context),
      route('GET', '/', () => ({ status: 302, headers: { Location: '/ui/' } })),
      ...page.routes,
    ],
    notFound,
  );
  const serve = async (request: HttpRequest): Promise<HttpAnswer> => {
    if (localPaths.has(request.path)) return local(request);
    if (context.ownLeader() === undefined) {
      const url = await otherLeader();
      if (url !== undefined) return forwardToLeader(request, { leaderUrl: url, self, viaHeader, failure });
      if (context.ownLeader() === undefined) return withoutLeader(request, leading);
    }
    const answer = await leading(request);
    return { ...answer, headers: { ...notCached, ...answer.headers, 'X-Marathon-Leader': context.url } };
  };
  return async (request) => {
    try {
      return await serve(request);
    } catch (error) {
      if (error instanceof ApiError) return jsonAnswer(error.status, error.body);
      throw error;
    }
  };
}

/** What can be said while nobody leads. */
function withoutLeader(request: HttpRequest, leading: Handler): Promise<HttpAnswer> | HttpAnswer {
  const isSafe = request.method === 'GET' && (request.path === '/v2/info' || request.path === '/v2/leader');
  if (isSafe) return leading(request);
  return jsonAnswer(503, { message: 'Could not determine the current leader' });
}

/** Errors of the HTTP server itself, in Marathon's form. */
export const errorAnswer = (error: HttpError): HttpAnswer =>
  jsonAnswer(error.status, { message: error.message }, error.headers);
