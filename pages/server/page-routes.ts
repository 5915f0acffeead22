import { timingSafeEqual } from 'node:crypto';
import { HttpError, jsonAnswer, type HttpAnswer } from '../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../engine/http/http-request.ts';
import { route, type Route } from '../../engine/http/router.ts';
import { addonRoutes, type AddonUrl } from './addons/addon-routes.ts';
import { changeStreams } from './change-stream.ts';
import type { ClusterPage } from './cluster-page.ts';
import { learnRoutes } from './learn/learn-routes.ts';
import type { LessonDesk } from './learn/lesson-desk.ts';
import { mesosRoutes } from './mesos/mesos-routes.ts';
import type { PageAssets } from './page-assets.ts';
import { htmlOf, type PageSubject } from './page-html.ts';
import type { SettingRow } from '../picture/tables.ts';
import { passOn } from './pass-on.ts';
import type { RegistryDesk } from './registry/registry-desk.ts';
import { registryRoutes } from './registry/registry-routes.ts';
import type { AgentUrl } from './task-files.ts';

/**
 * Who may change something through the page: nobody, whoever knows a token (`X-Page-Token`), or whoever reaches the
 * page at all, as he does the API beside it.
 */
export type Changing = 'none' | 'open' | { readonly token: string };

/** What `page/settings` answers. @throws what keeps it from being known */
export type PageSettings = () => Promise<readonly SettingRow[]>;

export interface PageRoutesOptions {
  readonly page: ClusterPage;
  readonly assets: PageAssets;
  readonly subject: PageSubject;
  /** Where the page itself is: `/`, or `/ui/`. All else is below `/page`. */
  readonly root: string;
  readonly agentUrl: AgentUrl;
  readonly changes: Changing;
  /** Missing: nobody knows what is set. */
  readonly settings?: PageSettings;
  /** Missing: there is no lab to learn in. */
  readonly lessons?: LessonDesk;
  /** Missing: there is no lab whose registry could be looked at. */
  readonly registry?: RegistryDesk;
  /** Missing: there is no lab that could have any. */
  readonly addonUrl?: AddonUrl;
}

/** What the page may do, and nothing else: everything is from here, and nothing of it runs in another page. */
const policy = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

const safe = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

const unkept = { 'Cache-Control': 'no-store' };

/** Every answer is safe to open, also one that somebody opens by itself: refusals, and what a component has answered. */
function safely({ handler, ...rest }: Route): Route {
  const serve: Route['handler'] = async (request, parameters) => {
    try {
      const answer = await handler(request, parameters);
      return { ...answer, headers: { ...unkept, ...answer.headers, ...safe } };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      throw new HttpError(error.status, error.message, { ...unkept, ...error.headers, ...safe });
    }
  };
  return { ...rest, handler: serve };
}

/** The page, and what it asks for: all of it for browsers on this machine. */
export function pageRoutes(options: PageRoutesOptions): readonly Route[] {
  const { page, subject, root, agentUrl, changes, settings, lessons, registry, addonUrl = () => undefined } = options;
  const assets = { ...options.assets, html: htmlOf(options.assets.html, subject) };
  const changing = typeof changes === 'string' ? changes : 'token';
  const asset = (name: keyof PageAssets, type: string) => (): HttpAnswer => ({
    status: 200,
    headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache' },
    body: assets[name],
  });
  const mayChange = (request: HttpRequest) => {
    checkChange(request, changes);
  };
  const routes = [
    route('GET', root, asset('html', 'text/html')),
    route('GET', '/page/page.js', asset('script', 'text/javascript')),
    route('GET', '/page/page.css', asset('style', 'text/css')),
    route('GET', '/page/changes', changeStreams(page, changing)),
    route('GET', '/page/tasks', ({ query }) => {
      const [agent, framework] = [query.get('agent'), query.get('framework')];
      const of = { ...(agent === null ? {} : { agent }), ...(framework === null ? {} : { framework }) };
      return jsonAnswer(200, Object.fromEntries(page.tasksOf(of)));
    }),
    route('GET', '/page/settings', async () => {
      if (settings === undefined) throw new HttpError(404, 'nobody knows here what is set');
      return jsonAnswer(200, await settings());
    }),
    ...mesosRoutes(page, agentUrl),
    ...addonRoutes(page, addonUrl),
    ...learnRoutes(lessons, mayChange),
    ...registryRoutes(registry, mayChange),
    ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) =>
      route(method, '/page/marathon/v2/*', (request) => {
        if (method !== 'GET') checkChange(request, changes);
        const { marathon } = page;
        if (marathon === undefined) throw new HttpError(404, 'there is no Marathon');
        const search = request.query.size === 0 ? '' : `?${request.query.toString()}`;
        return passOn(`${marathon}${encodePath(request.path.slice('/page/marathon'.length))}${search}`, request);
      }),
    ),
  ];
  return routes.map(safely);
}

/** @throws HttpError 400 for a path that would lead to something else than what it begins with */
function encodePath(path: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '.' || part === '..')) throw new HttpError(400, 'a path has no . and no ..');
  // As Marathon has them: `/v2/pods/x::status`.
  return parts.map((part) => encodeURIComponent(part).replaceAll('%3A', ':')).join('/');
}

/** @throws HttpError 403 */
function checkChange({ headers }: HttpRequest, changes: Changing): void {
  if (changes === 'open') return;
  if (changes === 'none') throw new HttpError(403, 'this page only shows: nothing is changed through it');
  const [given, wanted] = [Buffer.from(String(headers['x-page-token'] ?? '')), Buffer.from(changes.token)];
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new HttpError(403, 'a change needs the token that is in the URL which was printed');
}
