import { onTestFinished } from 'vitest';
import { jsonAnswer, type HttpAnswer } from '../../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../../engine/http/http-request.ts';
import { listen } from '../../../engine/http/http-server.ts';
import { route, router } from '../../../engine/http/router.ts';
import { servePage } from '../../../pages/server/serve-page.ts';
import { encodeRecord } from '../../../protocol/record-io.ts';

/** Names that are something else where they are not taken as text. */
export const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  'javascript:alert(1)',
  'line\ndata: {}\n\nevent: message',
  'separators\u2028\u2029',
  '\u202Eoverride',
  'lone \uD800 surrogate',
  '../../etc',
];

/** Of a lab, if it were not checked. */
const hostileLab = '"><script>alert(1)</script>&$& \u2028';

const idOf = (value: string) => ({ value });

/** A task that has this name wherever a framework may give one. */
const hostileTask = (name: string) => ({
  name,
  task_id: idOf(name),
  framework_id: idOf(name),
  agent_id: idOf(name),
  state: 'TASK_RUNNING',
  statuses: [{ state: 'TASK_RUNNING', message: name, timestamp: 1 }],
});

const hostileState = {
  type: 'SUBSCRIBED',
  subscribed: {
    get_state: {
      get_agents: {
        agents: hostileNames.map((name) => ({
          agent_info: {
            id: idOf(name),
            hostname: name,
            port: 1,
            attributes: [{ name, type: 'TEXT', text: { value: name } }],
          },
          active: true,
        })),
      },
      get_frameworks: {
        frameworks: hostileNames.map((name) => ({
          framework_info: { id: idOf(name), name, user: name, roles: [name], webui_url: 'javascript:alert(1)' },
          active: true,
          connected: true,
        })),
      },
      get_tasks: { tasks: hostileNames.map(hostileTask) },
    },
  },
};

/** A page of a lab, of a master that says the worst, and a Marathon that notes what it is asked. */
export async function hostileCluster() {
  const log: string[] = [];
  const asked: string[] = [];
  const serve = async (handler: (request: HttpRequest) => HttpAnswer) => {
    const options = { host: '127.0.0.1', port: 0, handler, log: (line: string) => log.push(line) };
    const server = await listen(options);
    onTestFinished(() => server.close());
    return server.url;
  };
  const ofMaster = router([
    route('POST', '/api/v1', () => ({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      stream: (sink) => {
        sink.write(encodeRecord(JSON.stringify(hostileState)));
      },
    })),
  ]);
  const master = await serve((request) => ofMaster(request) as HttpAnswer);
  const marathon = await serve(({ method, path, query }) => {
    asked.push(`${method} ${path}${query.size === 0 ? '' : `?${query.toString()}`}`);
    if (path === '/v2/html')
      return { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<script>x</script>' };
    return path === '/v2/events' ? jsonAnswer(503, {}) : jsonAnswer(200, {});
  });
  const page = await servePage({
    name: hostileLab,
    masters: () => [master],
    marathons: () => [marathon],
    agentUrl: () => master,
    now: () => 1000,
    port: 0,
    log: (line) => log.push(line),
  });
  onTestFinished(() => page.close());
  const { origin, hash } = new URL(page.url);
  return { origin, token: hash.slice('#token='.length), asked, log };
}
