import { HttpError } from '../../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../../engine/http/http-request.ts';
import { route, type Route } from '../../../engine/http/router.ts';
import { askedRoute as get } from '../asked-route.ts';
import type { ClusterPage } from '../cluster-page.ts';
import { TaskFiles, type AgentUrl, type Place } from '../task-files.ts';
import { MesosDetails } from './mesos-details.ts';

/** What views of Mesos ask for while they are open. */
export function mesosRoutes(page: ClusterPage, agentUrl: AgentUrl): readonly Route[] {
  const files = new TaskFiles(page, agentUrl);
  const details = new MesosDetails(page, agentUrl);
  return [
    get('/page/roles', () => details.roles()),
    get('/page/offers', () => details.offers()),
    get('/page/master', () => details.master()),
    get('/page/framework', (request) => details.framework(asked(request, 'id'))),
    get('/page/agent', (request) => details.agent(asked(request, 'id'))),
    get('/page/usage', (request) => details.usage(asked(request, 'id'))),
    get('/page/task', (request) => details.task(asked(request, 'id'))),
    get('/page/files', (request) => files.list(placeOf(request), request.query.get('folder') ?? '', request.signal)),
    get('/page/file', (request) => {
      const offset = Number(request.query.get('offset') ?? '0');
      if (!Number.isSafeInteger(offset) || offset < -1) throw new HttpError(400, 'offset is a number of bytes, or -1');
      return files.read(placeOf(request), request.query.get('file') ?? '', offset, request.signal);
    }),
    route('GET', '/page/download', (request) =>
      files.download(placeOf(request), request.query.get('file') ?? '', request.signal),
    ),
  ];
}

function asked({ query }: HttpRequest, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw new HttpError(400, `${name} is missing`);
  return value;
}

/** `?task=ID`, `?agent=ID&container=ID`, `?log=ID` */
function placeOf(request: HttpRequest): Place {
  const { query } = request;
  if (query.has('log')) return { log: asked(request, 'log') };
  if (query.has('container')) return { agent: asked(request, 'agent'), container: asked(request, 'container') };
  return { task: asked(request, 'task') };
}
