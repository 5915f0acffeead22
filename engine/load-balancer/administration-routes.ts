import { textAnswer, type HttpAnswer } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { route, router } from '../http/router.ts';
import { prometheusText } from './figures/prometheus.ts';
import { appMap, virtualHostMap } from './backend-maps.ts';
import type { ServerPool } from './server-pool.ts';
import { configurationText, statisticsCsv, statisticsPage } from './statistics.ts';

export interface AdministrationOptions {
  readonly pools: () => readonly ServerPool[];
  /** Address that the service ports are bound to. */
  readonly host: string;
  /** Reads the apps of Marathon again. */
  readonly reread: () => void;
  /** Takes the apps that were read last once more. */
  readonly reapply: () => void;
  /** Whether the maps are served; else they are empty, as without marathon-lb's `--haproxy-map`. */
  readonly hasMaps: boolean;
}

const html = { 'Content-Type': 'text/html; charset=utf-8' };

/** What marathon-lb has on its statistics port: HAProxy's page, and its own scripts in Lua (getpids.lua and their like). */
export function administrationRoutes({ pools, host, reread, reapply, hasMaps }: AdministrationOptions) {
  const statistics = ({ query }: HttpRequest): HttpAnswer => {
    // HAProxy's options stand behind semicolons: `?stats;csv`.
    const isCsv = [...query.keys()].some((key) => key.split(';').includes('csv'));
    if (isCsv) return textAnswer(200, statisticsCsv(pools()), { 'Cache-Control': 'no-cache' });
    return textAnswer(200, statisticsPage(pools()), { ...html, 'Cache-Control': 'no-cache' });
  };
  return router([
    route('GET', '/_haproxy_health_check', () =>
      textAnswer(200, '<html><body><h1>200 OK</h1>\nService ready.\n</body></html>\n', html),
    ),
    route('GET', '/_haproxy_getconfig', () => textAnswer(200, configurationText(pools(), host))),
    // More than two mean to zdd.py that HAProxy is reloading. Here one process serves all the time.
    route('GET', '/_haproxy_getpids', () => textAnswer(200, String(process.pid))),
    route('GET', '/_haproxy_getvhostmap', () => textAnswer(200, hasMaps ? virtualHostMap(pools()) : '')),
    route('GET', '/_haproxy_getappmap', () => textAnswer(200, hasMaps ? appMap(pools()) : '')),
    ...signal('hup', reread),
    ...signal('usr1', reapply),
    route('GET', '/metrics', () =>
      textAnswer(200, prometheusText(pools()), {
        'Content-Type': 'text/plain; version=0.0.4',
        'Cache-Control': 'no-cache',
      }),
    ),
    route('GET', '/haproxy', statistics),
    route('GET', '/', statistics),
  ]);
}

/** A script in Lua asks for no method. */
const signal = (name: string, effect: () => void) =>
  ['GET', 'POST'].map((method) =>
    route(method, `/_mlb_signal/${name}`, () => {
      effect();
      return textAnswer(200, `Sent SIG${name.toUpperCase()} signal to marathon-lb`);
    }),
  );
