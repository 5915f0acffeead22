import { jsonAnswer, textAnswer, type HttpAnswer, type HttpError } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import type { Handler } from '../../http/http-server.ts';
import { route, router } from '../../http/router.ts';
import { forwardToLeader } from '../../framework/leadership/leader-proxy.ts';
import { ApiError, failureAnswer } from '../chronos-error.ts';
import type { ApiContext } from './api-context.ts';
import { graphRoutes } from './graph-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { jobsRoutes } from './jobs-routes.ts';
import { metricsOf } from './metrics.ts';
import { jobsPage } from './page.ts';
import { submitRoutes } from './submit-routes.ts';

interface HandlerOptions {
  readonly context: ApiContext;
  /** URL of the leader if it is another one; waits a little while the election is going on. */
  readonly otherLeader: () => Promise<string | undefined>;
  /** `host:port` of this Chronos. */
  readonly self: string;
}

const viaHeader = 'X-Chronos-Via';
const noLeader = 'Error proxying request to leader (maybe the leadership just changed?)';
const failure = (status: number, message: string) => failureAnswer(status, `${noLeader}\n\nError:\n${message}`);

/** The whole of Chronos's API: what the leader answers, and how the others ask it. */
export function chronosHandler({ context, otherLeader, self }: HandlerOptions): Handler {
  const leading = leadingRouter(context);
  const serve = async (request: HttpRequest): Promise<HttpAnswer> => {
    // Of each itself, so that a leader that is gone makes nobody else look ill.
    if (request.path === '/ping') return textAnswer(200, 'pong');
    if (context.ownLeader() !== undefined) return leading(request);
    const leaderUrl = await otherLeader();
    if (leaderUrl !== undefined) return forwardToLeader(request, { leaderUrl, self, viaHeader, failure });
    return context.ownLeader() === undefined ? failure(500, 'nobody leads') : leading(request);
  };
  return async (request) => {
    try {
      return await serve(request);
    } catch (error) {
      if (error instanceof ApiError) return failureAnswer(error.status, error.message);
      throw error;
    }
  };
}

/** Below /v1/scheduler, as Chronos 3, and below /scheduler, as those before it, which took PUT for a change, too. */
function leadingRouter(context: ApiContext): Handler {
  const leader = () => jsonAnswer(200, { leader: context.leaderHostPort() });
  const routesBelow = (base: string, methods: readonly string[]) => [
    ...submitRoutes(context, base, methods),
    ...jobsRoutes(context, base),
    ...jobRoutes(context, base),
    ...graphRoutes(context, base),
    route('GET', `${base}/leader`, leader),
  ];
  return router([
    ...routesBelow('/v1/scheduler', ['POST']),
    ...routesBelow('/scheduler', ['POST', 'PUT']),
    route('GET', '/leader', leader),
    route('GET', '/metrics', () => jsonAnswer(200, metricsOf(context.leader()))),
    route('GET', '/', () => jobsPage(context.leader())),
  ]);
}

/** Errors of the HTTP server itself, in Chronos's form. */
export const errorAnswer = (error: HttpError): HttpAnswer => {
  const answer = failureAnswer(error.status, error.message);
  return { ...answer, headers: { ...answer.headers, ...error.headers } };
};
