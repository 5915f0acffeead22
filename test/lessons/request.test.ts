import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterClient } from '../../checks/cluster-client.ts';
import { lookAtRequest } from '../../lessons/looks/look-at-service.ts';
import type { LessonWorld } from '../../lessons/lesson-world.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { systemClock } from '../../platform/clock.ts';

/** In the place of a load balancer: says whom it was asked for. */
const balancer = createServer(({ headers: { host = '' }, url = '' }, response) => {
  response.statusCode = host === 'shop.example' ? 200 : 503;
  response.end(`${host} ${url}`);
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
  ({ port } = balancer.address() as AddressInfo);
});
afterAll(() => {
  balancer.close();
});

/** @param published where the port of virtual hosts is; missing: nowhere */
function worldWith(published?: number): LessonWorld {
  const ports = published === undefined ? {} : { ports: { 'virtual-hosts': published } };
  const nothing = () => Promise.reject(new Error('nothing of it is asked here'));
  return {
    cluster: {
      client: clusterClient(),
      target: {
        masters: [],
        marathons: [],
        zookeepers: [],
        hosts: {},
        services: { host: '127.0.0.1', first: 10_000, published: port },
      },
    },
    plan: planCluster({ name: 'lab', ...ports }),
    ...{ explain: nothing, runProgram: nothing, bringIn: nothing, files: () => undefined, clock: systemClock },
    times: { waitMs: 1000, intervalMs: 10 },
  };
}

const { signal } = new AbortController();

test('a virtual host is asked by its name, at the port that is published for it', async () => {
  const wanted = { servicePort: 10_001, host: 'shop.example', path: '/cart', contains: 'shop.example /cart' };
  expect(await lookAtRequest(worldWith(port), wanted, signal)).toEqual({
    ok: true,
    seen: `http://127.0.0.1:${port}/cart answers 200`,
  });
  const { ok, seen } = await lookAtRequest(worldWith(port), { ...wanted, host: 'other.example' }, signal);
  expect(ok).toBe(false);
  expect(seen).toContain('answers 503');
});

test('without a host the service port is asked, by the name of the machine', async () => {
  const wanted = { servicePort: 10_000, status: 503, contains: `127.0.0.1:${port} /` };
  expect(await lookAtRequest(worldWith(), wanted, signal)).toMatchObject({ ok: true });
});

test('a virtual host of a lab that publishes no port for them will never answer', async () => {
  const asked = lookAtRequest(worldWith(), { servicePort: 10_000, host: 'shop.example' }, signal);
  await expect(asked).rejects.toMatchObject({ name: 'StepFailure', message: expect.stringContaining('virtual-hosts') });
});
