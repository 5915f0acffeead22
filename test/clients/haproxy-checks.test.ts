import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { eventually } from '../engine/master/master-for-test.ts';
import { freePort } from '../engine/load-balancer/balancer-support.ts';
import { requireTool } from '../support/require-tool.ts';
import { startClientCluster, temporaryFolder } from './client-cluster.ts';
import { startedProgram } from './started-program.ts';

/** HAProxy checks in HTTP/1.0 and without Host, unless it is told otherwise. */
const backends = (urls: readonly (readonly [string, string, string])[]) =>
  urls.map(([name, url, path]) =>
    [`backend ${name}`, '  option httpchk GET ' + path, `  server one ${new URL(url).host} check inter 100ms`].join(
      '\n',
    ),
  );

describe.skipIf(!requireTool('haproxy', ['haproxy', '-v']))('HAProxy', () => {
  test('finds master, agent and Marathon up by its checks', async () => {
    const { master, agent, marathon } = await startClientCluster();
    const port = await freePort();
    const servers = [
      ['master', master, '/health'],
      ['master-state', master, '/master/state'],
      ['agent', agent, '/health'],
      ['marathon', marathon, '/ping'],
      ['marathon-apps', marathon, '/v2/apps'],
      // What there is not is down: the others are not up unseen.
      ['nothing', master, '/nope'],
    ] as const;
    const file = join(temporaryFolder(), 'haproxy.cfg');
    const defaults = 'defaults\n  mode http\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s';
    const statistics = `listen statistics\n  bind 127.0.0.1:${port}\n  stats enable\n  stats uri /`;
    writeFileSync(file, `${[defaults, statistics, ...backends(servers)].join('\n')}\n`);
    const { output } = startedProgram('haproxy', ['-db', '-f', file]);
    const statusOf = async () => {
      const csv = await (await fetch(`http://127.0.0.1:${port}/;csv`)).text();
      const rows = csv.split('\n').map((line) => line.split(','));
      const status = (rows[0] ?? []).indexOf('status');
      return new Map(rows.flatMap((row) => (row[1] === 'one' ? [[row[0] ?? '', row[status] ?? ''] as const] : [])));
    };
    const wanted = servers.map(([name]) => (name === 'nothing' ? 'DOWN' : 'UP')).join(' ');
    let last = '';
    await eventually(async () => {
      const statuses = await statusOf().catch(() => new Map<string, string>());
      last = servers.map(([name]) => statuses.get(name) ?? 'unknown').join(' ');
      return last === wanted;
    }).catch(() => {
      throw new Error(`${last}\n${output()}`);
    });
  });
});
