import type { ClusterAnswer, ClusterClient } from '../../../checks/cluster-client.ts';
import { DecisionBoard } from '../../../autoscaling/program/decision-board.ts';
import { AppWatch, type AutoscalerUrls } from '../../../autoscaling/program/watch-apps.ts';

/** What a URL of a fake lab answers: JSON or text, a status, or nothing at all. */
export type FakeAnswer = object | string | number | Error;

export interface Sent {
  readonly url: string;
  readonly body: unknown;
}

export const urls: AutoscalerUrls = {
  marathons: ['http://marathon1:8080', 'http://marathon2:8080'],
  masters: ['http://master1:5050'],
  loadBalancers: ['http://lb1:9090', 'http://lb2:9090'],
  prometheus: 'http://prometheus:9090',
};

/** Looks at a lab that is a table of answers, by a clock that is passed in. */
export function fakeLab(answers: Record<string, FakeAnswer>, given: AutoscalerUrls = urls) {
  let seconds = 0;
  const sent: Sent[] = [];
  const log: string[] = [];
  const asked: string[] = [];
  const ask: ClusterClient['ask'] = (url, _signal, { method, body } = {}) => {
    if (method === 'PUT') sent.push({ url, body });
    // Without their tasks they are told in the same way.
    const whole = url.replace(/\/v2\/apps$/, (path) => (method === 'PUT' ? path : `${path}${withTasks}`));
    const found = answers[method === 'PUT' ? `PUT ${url}` : whole] ?? new Error(`${url}: nobody listens there`);
    asked.push(url);
    return found instanceof Error ? Promise.reject(found) : Promise.resolve(answerOf(url, found));
  };
  const board = new DecisionBoard((line) => log.push(line));
  const watch = new AppWatch(given, {
    ...{ board, client: { ask, urlFor: (host) => `http://${host}` }, log: (line) => log.push(line) },
    ...{ now: () => seconds * 1000, signal: new AbortController().signal },
  });
  /** Looks at a second of the clock, with other answers from then on. */
  const lookAt = async (second: number, changed: Record<string, FakeAnswer> = {}) => {
    seconds = second;
    Object.assign(answers, changed);
    await watch.look();
    return board.rows().at(0);
  };
  return { lookAt, sent, log, asked, board };
}

function answerOf(url: string, found: Exclude<FakeAnswer, Error>): ClusterAnswer {
  const status = typeof found === 'number' ? found : 200;
  const text = typeof found === 'object' ? JSON.stringify(found) : String(found);
  return { url, status, headers: {}, text, json: typeof found === 'object' ? found : undefined };
}

const withTasks = '?embed=apps.tasks&embed=apps.deployments';

export const appsAt = (marathon: string) => `${marathon}/v2/apps${withTasks}`;

/** An app as Marathon tells of it, whose instances all run. */
export function app(instances: number, labels: Readonly<Record<string, string>>, more: object = {}) {
  return {
    ...{ id: '/shop', instances, cpus: 0.5, mem: 100, deployments: [], portDefinitions: [{ port: 10_000 }] },
    labels: { HAPROXY_GROUP: 'external', AUTOSCALE_MAX: '10', ...labels },
    tasks: Array.from({ length: instances }, (_, index) => ({
      ...{ id: `shop.${index + 1}`, slaveId: 'S1', state: 'TASK_RUNNING' },
    })),
    ...more,
  };
}

export const apps = (...all: readonly object[]) => ({ apps: all });

/** Statistics of an HAProxy that serves the app at servers with so many answers each, of which none had another status. */
export const statistics = (answers: readonly number[], sessions: readonly number[] = []) =>
  [
    '# pxname,svname,scur,stot,hrsp_1xx,hrsp_2xx,hrsp_5xx,status,',
    'shop_10000,FRONTEND,9,9999,0,9999,0,OPEN,',
    ...answers.map((count, index) => `shop_10000,agent1_${31_000 + index},${sessions[index] ?? 0},7,0,${count},0,UP,`),
    'shop_10000,agent1_31900,50,5000,0,5000,0,MAINT,',
    'other_10001,agent1_31999,70,7000,0,7000,0,UP,',
    '',
  ].join('\n');
