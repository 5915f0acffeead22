import { expect, test } from 'vitest';
import { HttpError } from '../../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../../engine/http/http-request.ts';
import { route, router, type RouteHandler } from '../../../engine/http/router.ts';

const show =
  (name: string): RouteHandler =>
  (_, parameters) => ({ status: 200, body: `${name} ${JSON.stringify(parameters)}` });

const handler = router([
  route('GET', '/v2/apps', show('list')),
  route('POST', '/v2/apps', show('create')),
  route('GET', '/v2/apps/*/tasks', show('tasks')),
  route('GET', '/v2/apps/*/versions/:version', show('version')),
  route('GET', '/v2/apps/*', show('app')),
  route('GET', '/v2/pods/::status', show('all')),
  route('GET', '/v2/pods/*::status', show('status')),
  route('GET', '/v2/pods/*::versions/:version', show('version')),
  route('GET', '/v2/pods/*', show('pod')),
  route('GET', '/state.json', show('state')),
]);

const ask = async (method: string, path: string) => {
  const request = { method, path } as HttpRequest;
  try {
    const answer = await handler(request);
    return 'body' in answer ? answer.body : undefined;
  } catch (error) {
    return error instanceof HttpError ? `${error.status} ${error.headers.Allow ?? ''}` : error;
  }
};

test.each([
  ['GET', '/v2/apps', 'list {}'],
  ['GET', '/v2/apps/', 'list {}'],
  ['HEAD', '/v2/apps', 'list {}'],
  ['POST', '/v2/apps', 'create {}'],
  ['GET', '/v2/apps/a/b', 'app {"*":"a/b"}'],
  ['GET', '/v2/apps//a/b/', 'app {"*":"/a/b"}'],
  ['GET', '/v2/apps/a/b/tasks', 'tasks {"*":"a/b"}'],
  ['GET', '/v2/apps/a/versions/1', 'version {"*":"a","version":"1"}'],
  ['GET', '/v2/pods/::status', 'all {}'],
  ['GET', '/v2/pods/a/b::status', 'status {"*":"a/b"}'],
  ['GET', '/v2/pods/a/b::versions/1', 'version {"*":"a/b","version":"1"}'],
  ['GET', '/v2/pods/a/b::other', 'pod {"*":"a/b::other"}'],
  ['GET', '/state.json', 'state {}'],
  ['GET', '/stateXjson', '404 '],
  ['GET', '/v2', '404 '],
  ['DELETE', '/v2/apps', '405 GET, POST'],
])('%s %s is %s', async (method, path, expected) => {
  expect(await ask(method, path)).toBe(expected);
});
