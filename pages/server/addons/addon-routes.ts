import { HttpError } from '../../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../../engine/http/http-request.ts';
import type { Route } from '../../../engine/http/router.ts';
import { hostInUrl } from '../../../protocol/host-in-url.ts';
import type { AgentRow } from '../../picture/tables.ts';
import { askedRoute } from '../asked-route.ts';
import { SharedQuestions } from '../mesos/ask.ts';
import { readDecisions } from './read-decisions.ts';
import { readHour } from './read-hour.ts';

/** Where an add-on of the lab is, as it is now: `http://127.0.0.1:9105`. Undefined: the lab has none. */
export type AddonUrl = (role: 'metrics' | 'autoscaler') => string | undefined;

/** Who knows the agents, by the ids that the master gave them. */
interface KnownAgents {
  readonly agent: (id: string) => Pick<AgentRow, 'host' | 'port'> | undefined;
}

/** What add-ons of a lab tell: the figures of the last hour, and what the autoscaler decided. */
export function addonRoutes(page: KnownAgents, addonUrl: AddonUrl): readonly Route[] {
  const questions = new SharedQuestions();
  const ask = (role: Parameters<AddonUrl>[0], path: string) => {
    const url = addonUrl(role);
    if (url === undefined) throw new HttpError(404, `the lab has no add-on ${role}`);
    return questions.ask(`${url}${path}`);
  };
  return [
    askedRoute('/page/hour', async (request) => readHour(await ask('metrics', `/v1/hour${queryOf(request, page)}`))),
    askedRoute('/page/decisions', async () => readDecisions(await ask('autoscaler', '/v1/decisions'))),
  ];
}

/** `?agent=ID`, by the id that the master gave it; `?app=ID`; or neither, of the cluster. */
function queryOf({ query }: HttpRequest, page: KnownAgents): string {
  const [agent, app] = [query.get('agent'), query.get('app')];
  if (app !== null) return `?app=${encodeURIComponent(app)}`;
  if (agent === null) return '';
  const row = page.agent(agent);
  if (row === undefined) throw new HttpError(404, `no agent ${agent} is in the cluster (any more)`);
  // As the exporter calls it (engine/metrics/read/known-agents.ts).
  return `?agent=${encodeURIComponent(`${hostInUrl(row.host)}:${row.port}`)}`;
}
