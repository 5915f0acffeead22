import { jsonAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import type { Handler } from '../../http/http-server.ts';
import { withJsonp } from '../../http/jsonp.ts';
import { route, router, routerBelow, type Route } from '../../http/router.ts';
import { answerExecutor } from '../executors/custom/executor-api.ts';
import { helpRoutes } from '../../observability/help-pages.ts';
import { toggleLogging } from '../../observability/logging-toggle.ts';
import { checkTimeout } from '../../observability/snapshot-timeout.ts';
import { filesRoutes } from '../../files/files-api.ts';
import { agentFlags } from '../agent-flags.ts';
import { ipOf } from '../agent-options.ts';
import { agentMetrics } from './agent-metrics.ts';
import { filesOf, type AgentView } from './agent-view.ts';
import { describeContainer, describeStatistics, listContainers } from './describe-containers.ts';
import { describeState, describeVersion } from './describe-state.ts';
import { agentHelp } from './help.ts';
import { answerOperatorCall } from './operator-api.ts';

/** The agent's HTTP API (docs/endpoints of Mesos). What the agent's own process serves is also under /slave(1). */
export function agentHandler(view: AgentView): Handler {
  const { options, executorApi } = view;
  const own = (method: string, path: string, handler: Route['handler']) =>
    ['', '/slave(1)'].map((prefix) => route(method, `${prefix}${path}`, handler));
  const get = (path: string, answer: () => unknown) => own('GET', path, async () => jsonAnswer(200, await answer()));
  const containers = async () => (await listContainers(view)).map(describeContainer);
  const statistics = async () => (await listContainers(view)).map(describeStatistics);
  const version = () => describeVersion(options.version);
  const empty = (): HttpAnswer => ({ status: 200 });
  const below = routerBelow([
    ...own('GET', '/health', empty),
    ...get('/state', () => describeState(view)),
    ...get('/state.json', () => describeState(view)),
    ...get('/flags', () => ({ flags: agentFlags(options, view.port, view.master()?.url ?? '') })),
    ...get('/containers', containers),
    // What its containerizers wait for: here nothing that anyone could see (Http::_containerizerDebug).
    ...get('/containerizer/debug', () => ({ pending: [] })),
    ...get('/monitor/statistics', statistics),
    ...get('/monitor/statistics.json', statistics),
    ...(executorApi === undefined
      ? []
      : own('POST', '/api/v1/executor', (request) => answerExecutor(executorApi, request))),
    ...own('GET', '/metrics/snapshot', async (request) => {
      checkTimeout(request);
      return jsonAnswer(200, await agentMetrics(view));
    }),
    ...helpRoutes(agentHelp),
    ...['GET', 'POST'].map((method) =>
      route(method, '/logging/toggle', (request) => toggleLogging(view.logLevel, request)),
    ),
    ...own('POST', '/api/v1', (request) => answerOperatorCall(request, view)),
    ...filesRoutes(filesOf(view)),
  ]);
  // The page of Mesos asks for it, which the masters serve.
  const names = () => {
    const master = view.master();
    return [
      options.hostname,
      ipOf(options),
      ...(master === undefined ? [] : [master.hostname, new URL(master.url).hostname]),
    ];
  };
  const serve = router(get('/version', version), below);
  const logged: Handler = (request) => {
    view.logLevel.verbose(1, () => `HTTP ${request.method} for ${request.path}`);
    return serve(request);
  };
  return withJsonp(logged, names);
}
