import type { Candidate } from '../../discovery/discovery.ts';
import { HttpError, jsonAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import type { Handler } from '../../http/http-server.ts';
import { jsonPartsAnswer } from '../../http/json-parts.ts';
import { withJsonp } from '../../http/jsonp.ts';
import { route, router, routerBelow, type PathParameters, type Route } from '../../http/router.ts';
import { helpRoutes } from '../../observability/help-pages.ts';
import { toggleLogging } from '../../observability/logging-toggle.ts';
import { checkTimeout } from '../../observability/snapshot-timeout.ts';
import { answerAgent } from '../agents/agent-api.ts';
import { maintenanceEndpoints } from '../maintenance/maintenance-api.ts';
import { quotaEndpoints } from '../quota/quota-api.ts';
import { weightEndpoints } from '../quota/weights-api.ts';
import type { MasterSettings } from '../master-options.ts';
import { toMetrics } from './metrics.ts';
import { masterHelp } from './help.ts';
import { masterFilesRoutes } from './master-files.ts';
import { answerOperator } from './operator-api.ts';
import { answerOperationForm, operationForms } from '../reservations/operator-operations.ts';
import { answerScheduler } from '../scheduler/scheduler-api.ts';
import type { OwnPage } from '../../pages/own-page.ts';
import type { Term } from '../term.ts';
import { toAgents, toFrameworks, toRoles, toState, toTasks, toVersion } from './view-state.ts';
import { tearDownByForm } from './teardown.ts';
import { toStateSummary } from './view-summary.ts';

/** What the endpoints ask of the master they belong to. */
export interface Mastership {
  readonly page: OwnPage;
  readonly settings: () => MasterSettings;
  /** Undefined on a standby master. */
  readonly term: () => Term | undefined;
  readonly hasRecovered: () => boolean;
  readonly leader: () => Candidate | undefined;
}

/** Where the leader is: `//host:port` (src/master/http.cpp, redirect). @throws HttpError 503 when there is none */
function leaderAddress({ leader }: Mastership): string {
  const current = leader();
  if (current === undefined) throw new HttpError(503, 'No leader elected');
  return `//${current.hostname}:${new URL(current.url).port}`;
}

const redirect = (location: string): HttpAnswer => ({ status: 307, headers: { Location: location } });

/** Of a standby master: the same request to the leader; its paths all begin with `/master`. */
function redirectToLeader(mastership: Mastership, { path, query }: HttpRequest): HttpAnswer {
  const below = path.startsWith('/master/') ? path : `/master${path}`;
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  return redirect(`${leaderAddress(mastership)}${encodeURI(below)}${search}`);
}

/** Answers of the leader alone; also as `.json`, as older releases had them. */
const leaderViews: Readonly<Record<string, (term: Term, query: URLSearchParams) => unknown>> = {
  '/state': toState,
  '/state-summary': toStateSummary,
  '/slaves': (term, query) => toAgents(term, query.get('slave_id')),
  '/frameworks': (term, query) => toFrameworks(term, query.get('framework_id')),
  '/tasks': toTasks,
  '/roles': toRoles,
};

/** Under its own name and under `/master`. */
const both = (method: string, path: string, handler: Parameters<typeof route>[2]): readonly Route[] =>
  ['', '/master'].map((prefix) => route(method, `${prefix}${path}`, handler));

/** Calls, which need a leader that has recovered. */
function calls(mastership: Mastership, answer: (term: Term, request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer) {
  return (request: HttpRequest): Promise<HttpAnswer> | HttpAnswer => {
    const term = mastership.term();
    if (term === undefined) return redirectToLeader(mastership, request);
    if (!mastership.hasRecovered()) throw new HttpError(503, 'Master has not finished recovery');
    return answer(term, request);
  };
}

/** All endpoints of a master, leading or not. */
export function masterEndpoints(mastership: Mastership): Handler {
  const { settings, term: currentTerm } = mastership;
  const own: readonly (readonly [string, (request: HttpRequest) => HttpAnswer])[] = [
    ['/health', () => ({ status: 200 })],
    ['/flags', () => jsonAnswer(200, { flags: settings().flags })],
    ['/flags.json', () => jsonAnswer(200, { flags: settings().flags })],
    [
      '/metrics/snapshot',
      (request) => {
        checkTimeout(request);
        return jsonAnswer(200, toMetrics(settings(), currentTerm()));
      },
    ],
    ['/redirect', () => redirect(leaderAddress(mastership))],
  ];
  const views = Object.entries(leaderViews).flatMap(([path, view]) => {
    const handler = (request: HttpRequest) => {
      const term = currentTerm();
      if (term === undefined) return redirectToLeader(mastership, request);
      return jsonPartsAnswer(200, view(term, request.query));
    };
    return [...both('GET', path, handler), ...both('GET', `${path}.json`, handler)];
  });
  const below = routerBelow([
    ...own.flatMap(([path, handler]) => both('GET', path, handler)),
    ...views,
    ...both('POST', '/teardown', calls(mastership, tearDownByForm)),
    ...Object.entries(operationForms).flatMap(([path, type]) =>
      both(
        'POST',
        path,
        calls(mastership, (term, request) => answerOperationForm(term, request, type)),
      ),
    ),
    ...Object.entries({ ...maintenanceEndpoints, ...quotaEndpoints, ...weightEndpoints }).flatMap(([name, answer]) => {
      const [method = '', path = ''] = name.split(' ');
      return both(method, path, calls(mastership, answer));
    }),
    ...masterFilesRoutes(settings()),
    ...helpRoutes(masterHelp),
    ...['GET', 'POST'].map((method) =>
      route(method, '/logging/toggle', (request) => toggleLogging(settings().logLevel, request)),
    ),
    ...both('POST', '/api/v1', calls(mastership, answerOperator)),
    ...both('POST', '/api/v1/scheduler', calls(mastership, answerScheduler)),
    ...both('POST', '/api/agent', calls(mastership, answerAgent)),
  ]);
  // Whoever looks at a standby is led to the one that has something to show, as Mesos's page does.
  const pages = mastership.page.routes.map(({ handler, ...rest }) => ({
    ...rest,
    handler: (request: HttpRequest, parameters: PathParameters) =>
      currentTerm() === undefined && request.path === '/'
        ? redirect(`${leaderAddress(mastership)}/`)
        : handler(request, parameters),
  }));
  // Of a process of its own in libprocess, with nothing below.
  const version = both('GET', '/version', () => jsonAnswer(200, toVersion({ settings: settings() })));
  const serve = router([...version, ...pages], below);
  const logged: Handler = (request) => {
    settings().logLevel.verbose(1, () => `HTTP ${request.method} for ${request.path}`);
    return serve(request);
  };
  return withJsonp(logged, () => [settings().hostname, settings().advertisedIp]);
}
