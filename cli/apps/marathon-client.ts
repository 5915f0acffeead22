import { UserError } from '../../errors/user-error.ts';
import { describeAnswer, type ClusterAnswer, type ClusterClient } from '../../checks/cluster-client.ts';
import { excerpt } from '../../checks/excerpt.ts';
import { listAt, textAt, valueAt } from '../../protocol/json.ts';

/** What the verbs ask Marathon to do. */
type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** Marathon, as the verbs use it: gets an app, puts one, or ends tasks. */
export interface MarathonClient {
  /**
   * @returns the app, the apps, its versions, the pod or its status, the queue or the deployments; 404 of GET and DELETE
   *   for one that is not there; the deployment that another method has started, or the pod
   * @throws UserError LAB_NOT_RUNNING when nobody answers, or somebody who is not Marathon; MARATHON_REFUSED for every
   *   other status above 399
   */
  readonly ask: (method: Method, path: string, body?: unknown) => Promise<ClusterAnswer>;
}

/** While its state is loading, and without a leader, Marathon answers slowly. */
const timeoutMs = 15_000;

/**
 * Talks to the first Marathon that answers.
 * @param urls one at least, tried in turn
 */
export function marathonClient(urls: readonly string[], client: ClusterClient, signal: AbortSignal): MarathonClient {
  return {
    ask: async (method, path, body) => {
      let reason = 'the lab has no Marathon';
      let stranger: UserError | undefined;
      for (const url of urls) {
        try {
          const answer = await client.ask(`${url}${path}`, signal, {
            method,
            timeoutMs,
            ...(body === undefined ? {} : { body }),
          });
          if (isOfMarathon(method, path, answer)) return accepted(answer, `${method} ${path}`, body);
          stranger ??= notMarathon(url, `${method} ${path}`, answer);
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'UnreachableError' || signal.aborted) throw error;
          reason = error.message;
        }
      }
      if (stranger !== undefined) throw stranger;
      throw new UserError({
        code: 'LAB_NOT_RUNNING',
        message: `Marathon does not answer at ${urls.join(', ')}`,
        found: reason,
        fix: 'start the lab (npm run up), or look why it does not run (npm run status)',
      });
    },
  };
}

/**
 * Whether an answer has the shape of Marathon's own: where it should listen, another server may, or a portal that answers
 * everything with a page. Refusals with other statuses may also be of a proxy before Marathon, and are quoted.
 */
function isOfMarathon(method: Method, path: string, { status, json }: ClusterAnswer): boolean {
  // PUT makes an app that is not there: Marathon never answers 404 to it, and knows all methods.
  if (status === 404 || status === 405)
    return (method === 'GET' || method === 'DELETE') && textAt(json, 'message') !== undefined;
  if (status < 400 && path === '/v2/deployments') return Array.isArray(json);
  const ofApp = method === 'GET' ? ['app', 'apps', 'versions', 'queue'] : ['deploymentId'];
  const fields = path.startsWith('/v2/pods/') ? ['id'] : ofApp;
  return status >= 400 || fields.some((field) => valueAt(json, field) !== undefined);
}

function notMarathon(url: string, request: string, answer: ClusterAnswer): UserError {
  return new UserError({
    code: 'LAB_NOT_RUNNING',
    message: `What answers at ${url} is not Marathon`,
    found: `${describeAnswer(answer)}, to ${request}`,
    fix: 'look what listens there: another program, or a portal or proxy on the way. npm run status looks at all parts',
  });
}

function accepted(answer: ClusterAnswer, request: string, body: unknown): ClusterAnswer {
  const { status, json } = answer;
  if (status < 400 || status === 404) return answer;
  const lines = refusalLines(json, body);
  throw new UserError({
    code: 'MARATHON_REFUSED',
    message: `Marathon refused ${request}: ${textAt(json, 'message') ?? describeAnswer(answer)} (HTTP ${status})`,
    ...(lines.length === 0 ? {} : { found: lines.join('\n           ') }),
    ...(status === 409 ? { fix: 'wait for the deployment, or repeat with --force, which stops it' } : {}),
  });
}

/**
 * `details` as Marathon gives them with 422: a path and errors for each, and what was sent there; `deployments` with
 * 409.
 */
function refusalLines(json: unknown, body: unknown): readonly string[] {
  const details = listAt(json, 'details').flatMap((detail) => {
    const path = textAt(detail, 'path') ?? '';
    const sent = sentAt(body, path);
    return listAt(detail, 'errors').map((error) => `${path}: ${String(error)}${sent}`.replace(/^: /, ''));
  });
  const deployments = listAt(json, 'deployments').map((each) => `deployment ${textAt(each, 'id') ?? ''}`);
  return [...details, ...deployments];
}

/** What a request has at a path of Marathon's, `/healthChecks(0)/protocol`, in words. */
function sentAt(body: unknown, path: string): string {
  const names = path.split(/[/()]+/).filter((name) => name !== '');
  const value = names.length === 0 ? undefined : valueAt(body, ...names);
  return value === undefined ? '' : ` (there is ${excerpt(JSON.stringify(value), 80)})`;
}
