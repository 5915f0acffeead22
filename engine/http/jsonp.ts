import { isLoopbackOrOwn } from './guards.ts';
import { HttpError, type HttpAnswer, type Sink } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';
import type { Handler } from './http-server.ts';

/**
 * `?jsonp=callback`: the JSON as a script that calls it, as libprocess does for every endpoint that is read
 * (OK(value, jsonp) in 3rdparty/libprocess/include/process/http.hpp). Mesos's own web page asks masters and agents so.
 * @param names of hosts whose pages may have it, beside loopback
 */
export function withJsonp(handler: Handler, names: () => readonly string[]): Handler {
  return async (request) => {
    const callback = request.query.get('jsonp');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (callback === null || !isRead) return handler(request);
    refuseForeignScript(request, names());
    if (!/^[\w$.[\]]*$/.test(callback)) throw new HttpError(400, `'${callback}' cannot be the name of a function`);
    const answer = await handler(request);
    return answer.headers?.['Content-Type'] === 'application/json' ? asScript(answer, callback) : answer;
  };
}

/**
 * A script is sent to any page, and without an Origin: so a browser that says the page is another's must name one of
 * ours, whose agents and masters have other addresses.
 */
function refuseForeignScript({ headers }: HttpRequest, names: readonly string[]): void {
  if (headers['sec-fetch-site'] !== 'cross-site') return;
  const { referer } = headers;
  const page = referer !== undefined && URL.canParse(referer) ? new URL(referer).hostname : '';
  if (!isLoopbackOrOwn(page, names)) throw new HttpError(403, 'Scripts for pages of another site are refused');
}

function asScript(answer: HttpAnswer, callback: string): HttpAnswer {
  const headers = { ...answer.headers, 'Content-Type': 'text/javascript', 'X-Content-Type-Options': 'nosniff' };
  if ('stream' in answer) {
    return {
      ...answer,
      headers,
      stream: (sink) => {
        sink.write(`${callback}(`);
        answer.stream(closedBy(sink, ')'));
      },
    };
  }
  const { body = '' } = answer;
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  return { ...answer, headers, body: `${callback}(${text})` };
}

const closedBy = (sink: Sink, last: string): Sink => ({
  write: sink.write,
  onClose: sink.onClose,
  drained: sink.drained,
  get bufferedBytes() {
    return sink.bufferedBytes;
  },
  end: () => {
    sink.write(last);
    sink.end();
  },
});
