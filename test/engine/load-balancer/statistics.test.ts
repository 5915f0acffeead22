import { expect, test } from 'vitest';
import { serverPool, startCounting } from '../../../engine/load-balancer/server-pool.ts';
import { readApps } from '../../../engine/load-balancer/marathon-app.ts';
import { serviceTable } from '../../../engine/load-balancer/service-table.ts';
import { statisticsRows } from '../../../engine/load-balancer/statistics.ts';
import { fakeApp } from './fake-marathon.ts';

function serviceWith(tasks: readonly number[]) {
  const app = fakeApp({ id: '/shop', servicePort: 10_000, tasks, labels: { HAPROXY_GROUP: 'external' } });
  const [service] = serviceTable(readApps({ apps: [app] }), {
    ...{ groups: ['external'], hosts: {} },
    wasServing: () => false,
  });
  if (service === undefined) throw new Error('the app is not served');
  return service;
}

test('what a service has counted never goes back, whichever servers leave', () => {
  const pool = serverPool(serviceWith([31_001, 31_002]));
  const sums = () =>
    statisticsRows(pool).flatMap(({ type, scur, stot, hrsp_2xx: good }) => (type === 1 ? [[scur, stot, good]] : []));
  const [first, second] = pool.servers();
  if (first === undefined || second === undefined) throw new Error('no servers');
  const count = (server: typeof first) => {
    const end = startCounting(server);
    return () => {
      server.counters.answers[2] += 1;
      end();
    };
  };
  count(first)();
  count(second)();
  const last = count(first);
  expect(sums()).toEqual([[1, 3, 2]]);
  pool.update(serviceWith([31_002]));
  expect(sums()).toEqual([[1, 3, 2]]);
  // What ran on the one that left has ended.
  last();
  expect(sums()).toEqual([[0, 3, 3]]);
  pool.update(serviceWith([31_003]));
  expect(sums()).toEqual([[0, 3, 3]]);
  expect(pool.past()).toHaveLength(1);
});
