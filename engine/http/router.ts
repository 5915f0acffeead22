import type { Handler } from './http-server.ts';
import type { HttpRequest } from './http-request.ts';
import { HttpError, type HttpAnswer } from './http-answer.ts';

/** What the variable parts of a pattern matched: `*` under its own sign, `:name` under `name`. */
export type PathParameters = Readonly<Record<string, string>>;

export type RouteHandler = (request: HttpRequest, parameters: PathParameters) => Promise<HttpAnswer> | HttpAnswer;

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly handler: RouteHandler;
}

const literally = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

/**
 * One line of a routing table.
 * @param method GET serves HEAD, too
 * @param path `*` matches one or more segments (slashes included), of the last one what is before a text that follows,
 *   as in `*::status`; `:name` matches one segment; a final slash of the request does not matter
 */
export function route(method: string, path: string, handler: RouteHandler): Route {
  let pattern = patterns.get(path);
  if (pattern === undefined) {
    pattern = patternOf(path);
    patterns.set(path, pattern);
  }
  return { method, ...pattern, handler };
}

type Pattern = Pick<Route, 'pattern' | 'names'>;

/** By path: the tables of a thousand simulated agents have the same ones. */
const patterns = new Map<string, Pattern>();

function patternOf(path: string): Pattern {
  const names: string[] = [];
  const source = path
    .split('/')
    .map((segment) => {
      if (segment.startsWith('*')) {
        names.push('*');
        return `(.+?)${literally(segment.slice(1))}`;
      }
      if (segment.startsWith(':') && !segment.startsWith('::')) {
        names.push(segment.slice(1));
        return '([^/]+)';
      }
      return literally(segment);
    })
    .join('/');
  return { pattern: new RegExp(`^${source.replace(/\/$/, '')}/?$`, 's'), names };
}

/**
 * Serves a path below an endpoint as the endpoint, the longest that there is, and two slashes as one: so does libprocess
 * (ProcessBase::consume in 3rdparty/libprocess/src/process.cpp).
 */
export function routerBelow(routes: readonly Route[]): Handler {
  const serve = router(routes);
  const isServed = (path: string) => routes.some(({ pattern }) => pattern.test(path));
  return (request) => {
    const given = request.path.replaceAll(/(?<=.)\/{2,}/g, '/');
    let path = given;
    while (path !== '' && !isServed(path)) path = path.slice(0, path.lastIndexOf('/'));
    return path === '' || path === request.path ? serve(request) : serve(withPath(request, path));
  };
}

/** The request with all that it can do, of which some is made when it is asked for. */
const withPath = (request: HttpRequest, path: string) =>
  Object.create(request, { path: { value: path } }) as HttpRequest;

/**
 * Serves the first route that matches path and method.
 * @param notFound what is done with a path of no route; without it 404
 * @throws HttpError 405 (with Allow) when the path exists for other methods
 */
export function router(routes: readonly Route[], notFound?: Handler): Handler {
  return (request) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const allowed = new Set<string>();
    for (const each of routes) {
      const match = each.pattern.exec(request.path);
      if (match === null) continue;
      if (each.method === method) {
        return each.handler(
          request,
          Object.fromEntries(each.names.map((name, index) => [name, match[index + 1] ?? ''])),
        );
      }
      allowed.add(each.method);
    }
    if (allowed.size > 0) {
      const text = `405 Method Not Allowed. Expecting one of { '${[...allowed].join("', '")}' }, but received '${request.method}'.`;
      throw new HttpError(405, text, { Allow: [...allowed].join(', ') });
    }
    if (notFound !== undefined) return notFound(request);
    throw new HttpError(404, `There is nothing at ${request.path}`);
  };
}
