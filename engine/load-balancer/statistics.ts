import type { ServerCounters, ServerPool } from './server-pool.ts';

/** Columns of HAProxy 1.8's CSV up to `srv_abrt`; those that we do not count are empty. */
const columns = (
  'pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,' +
  'chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,' +
  'check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,' +
  'req_rate_max,req_tot,cli_abrt,srv_abrt'
).split(',');

/** By column. */
export type StatisticsRow = Readonly<Record<string, string | number>>;

/** `type` of a row: frontend, backend or server. */
const types = { frontend: 0, backend: 1, server: 2 } as const;

function figures(pool: ServerPool, all: readonly ServerCounters[]): StatisticsRow {
  const sum = (pick: (counters: ServerCounters) => number) => all.reduce((total, each) => total + pick(each), 0);
  const common = {
    scur: sum(({ current }) => current),
    smax: sum(({ highest }) => highest),
    stot: sum(({ total }) => total),
    bin: sum(({ bytesIn }) => bytesIn),
    bout: sum(({ bytesOut }) => bytesOut),
  };
  if (pool.service().mode === 'tcp') return common;
  return {
    ...common,
    ...Object.fromEntries(
      ([1, 2, 3, 4, 5] as const).map((digit) => [`hrsp_${digit}xx`, sum(({ answers }) => answers[digit])]),
    ),
  };
}

/** A service as a frontend, its servers, and a backend. */
export function statisticsRows(pool: ServerPool): readonly StatisticsRow[] {
  const servers = pool.servers();
  const { name } = pool.service();
  const counted = [...servers.map(({ counters }) => counters), ...pool.past()];
  const all = figures(pool, counted);
  const connectErrors = counted.reduce((total, each) => total + each.connectErrors, 0);
  const active = servers.filter(({ address }) => !address.isDraining).length;
  const up = { status: active > 0 ? 'UP' : 'DOWN', act: active };
  return [
    { pxname: name, svname: 'FRONTEND', ...all, status: 'OPEN', type: types.frontend },
    ...servers.map((server, index) => ({
      pxname: name,
      svname: server.address.name,
      ...figures(pool, [server.counters]),
      econ: server.counters.connectErrors,
      // As HAProxy says of a server that is `disabled`.
      status: server.address.isDraining ? 'MAINT' : 'UP',
      weight: 1,
      act: server.address.isDraining ? 0 : 1,
      sid: index + 1,
      lbtot: server.counters.total,
      type: types.server,
    })),
    {
      pxname: name,
      svname: 'BACKEND',
      ...all,
      econ: connectErrors,
      ...up,
      lbtot: all['stot'] ?? 0,
      type: types.backend,
    },
  ];
}

/** `/haproxy?stats;csv`, in the form of HAProxy's management guide, 9.1. */
export function statisticsCsv(pools: readonly ServerPool[]): string {
  const lines = pools.flatMap(statisticsRows).map((row) => columns.map((column) => row[column] ?? '').join(','));
  return [`# ${columns.join(',')}`, ...lines].map((line) => `${line},\n`).join('');
}

const escape = (text: string | number) =>
  String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `/haproxy?stats`, for people. */
export function statisticsPage(pools: readonly ServerPool[]): string {
  const shown = ['svname', 'status', 'scur', 'smax', 'stot', 'bin', 'bout', 'econ', 'hrsp_2xx', 'hrsp_4xx', 'hrsp_5xx'];
  const table = (pool: ServerPool) => {
    const { name, appId, port, mode } = pool.service();
    const cells = (row: StatisticsRow) => shown.map((column) => `<td>${escape(row[column] ?? '')}</td>`).join('');
    return [
      `<h2>${escape(name)}</h2><p>${escape(appId)}, port ${port}, ${mode}</p>`,
      `<table><tr>${shown.map((column) => `<th>${column}</th>`).join('')}</tr>`,
      ...statisticsRows(pool).map((row) => `<tr>${cells(row)}</tr>`),
      '</table>',
    ].join('\n');
  };
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><title>Load balancer</title>',
    '<style>body{font-family:sans-serif}td,th{padding:.2em .6em;text-align:right;border:1px solid #ccc}</style></head>',
    '<body><h1>Load balancer</h1>',
    pools.length === 0 ? '<p>No app of Marathon is in the group yet.</p>' : pools.map(table).join('\n'),
    '<p>As CSV: <a href="/haproxy?stats;csv">/haproxy?stats;csv</a></p>',
    '</body></html>\n',
  ].join('\n');
}

/** `/_haproxy_getconfig`: what is served, in the words of an haproxy.cfg. */
export function configurationText(pools: readonly ServerPool[], host: string): string {
  const block = (pool: ServerPool) => {
    const { name, appId, port, mode, rules } = pool.service();
    return [
      `# ${appId}`,
      `frontend ${name}\n  bind ${host}:${port}\n  mode ${mode}\n  use_backend ${name}`,
      `backend ${name}\n  balance ${rules.balance}\n  mode ${mode}`,
      ...pool.servers().map(({ address }) => {
        const options = address.isDraining ? ' disabled' : '';
        return `  server ${address.name} ${address.host}:${address.port}${options}`;
      }),
    ].join('\n');
  };
  return `# Not an HAProxy: the load balancer of create-mesos-cluster.\n${pools.map((pool) => `\n${block(pool)}\n`).join('')}`;
}
