import { expect, test } from 'vitest';
import { completeApp } from '../../../../engine/marathon/apps/complete-app.ts';
import { AttributeTally } from '../../../../engine/marathon/scheduling/attribute-tally.ts';
import { matchOffer } from '../../../../engine/marathon/scheduling/match-offer.ts';
import { poolOf } from '../../../../engine/marathon/scheduling/offer-pool.ts';
import type { App } from '../../../../protocol/marathon.ts';
import type { Json, Offer } from '../../../../protocol/mesos.ts';

const version = '2026-01-01T00:00:00.000Z';
const appOf = (more: Readonly<Record<string, Json>>): App => ({
  ...completeApp({ id: '/a', cmd: 'x', cpus: 0.1, mem: 16, ...more }),
  version,
  versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
});

const offer = (begin: number, end: number): Offer => ({
  id: { value: 'O' },
  framework_id: { value: 'F' },
  agent_id: { value: 'S' },
  hostname: 'agent1',
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.3 }, role: '*' },
    { name: 'mem', type: 'SCALAR', scalar: { value: 100 }, role: '*' },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] }, role: '*' },
  ],
});

const random = () => 0.5;
const nothing = new AttributeTally([]);

test('an offer serves as many instances as fit, each with ports of its own', () => {
  let pool = poolOf(offer(31_000, 31_002));
  const ports: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    const match = matchOffer(appOf({}), pool, nothing, random);
    if (match.kind === 'reject') throw new Error(match.reason);
    pool = match.pool;
    ports.push(...match.hostPorts);
  }
  expect(ports.sort()).toEqual([31_000, 31_001, 31_002]);
  // 0.3 - 0.1 - 0.1 - 0.1 is nothing, whatever binary fractions make of it.
  expect(matchOffer(appOf({}), pool, nothing, random)).toEqual({ kind: 'reject', reason: 'InsufficientCpus' });
});

test('fixed host ports are taken as they are, and no random one takes them away', () => {
  const app = appOf({
    networks: [{ mode: 'container/bridge' }],
    container: {
      type: 'DOCKER',
      docker: { image: 'i' },
      portMappings: [{ containerPort: 1, hostPort: 0 }, { containerPort: 2, hostPort: 31_000 }, { containerPort: 3 }],
    },
  });
  expect(matchOffer(app, poolOf(offer(31_000, 31_002)), nothing, () => 0)).toMatchObject({
    hostPorts: [31_001, 31_000, 31_002],
  });
  expect(matchOffer(app, poolOf(offer(31_001, 31_003)), nothing, random)).toEqual({
    kind: 'reject',
    reason: 'InsufficientPorts',
  });
});

test('port definitions are host ports only when they are required', () => {
  const free = appOf({ portDefinitions: [{ port: 8080 }] });
  const required = appOf({ portDefinitions: [{ port: 8080 }], requirePorts: true });
  const pool = poolOf(offer(31_000, 31_000));
  expect(matchOffer(free, pool, nothing, random)).toMatchObject({ hostPorts: [31_000] });
  expect(matchOffer(required, pool, nothing, random)).toMatchObject({ reason: 'InsufficientPorts' });
});

test('resources of other roles are left alone', () => {
  const reserved = { ...offer(31_000, 31_001), resources: offer(31_000, 31_001).resources.map(withRole('other')) };
  expect(matchOffer(appOf({}), poolOf(reserved), nothing, random)).toEqual({
    kind: 'reject',
    reason: 'UnfulfilledRole',
  });
  const accepting = appOf({ acceptedResourceRoles: ['other'] });
  expect(matchOffer(accepting, poolOf(reserved), nothing, random)).toMatchObject({
    resources: [{ role: 'other' }, { role: 'other' }, { role: 'other' }],
  });
});

const withRole = (role: string) => (resource: Offer['resources'][number]) => ({ ...resource, role });

test('a scalar of an agent is compared to the thousandth', () => {
  const attributes = [{ name: 'level', type: 'SCALAR', scalar: { value: 0.80049 } }] as const;
  const app = appOf({ constraints: [['level', 'IS', '0.800']], ports: [] });
  expect(matchOffer(app, poolOf({ ...offer(31_000, 31_002), attributes }), nothing, random).kind).toBe('match');
});

test('resources that are reserved are used, or those that are not, as Marathon is told', () => {
  const app = appOf({ role: 'dev' });
  const both = poolOf({
    ...offer(31_000, 31_009),
    resources: [
      ...offer(31_000, 31_009).resources,
      ...offer(31_100, 31_109).resources.map((resource) => ({ ...resource, role: 'dev' })),
    ],
  });
  const rolesBy = (behaviour?: 'any' | 'unreserved' | 'reserved') => {
    const match = matchOffer(app, both, nothing, () => 0, behaviour);
    return match.kind === 'match' ? [...new Set(match.resources.map(({ role }) => role))] : match.reason;
  };
  expect(rolesBy('unreserved')).toEqual(['*']);
  expect(rolesBy('reserved')).toEqual(['dev']);
  expect(rolesBy('any')).toEqual(rolesBy());
  const plain = poolOf(offer(31_000, 31_009));
  expect(matchOffer(app, plain, nothing, () => 0, 'reserved')).toEqual({ kind: 'reject', reason: 'UnfulfilledRole' });
  // What the app says itself counts.
  const saying = appOf({ role: 'dev', acceptedResourceRoles: ['*'] });
  expect(matchOffer(saying, plain, nothing, () => 0, 'reserved').kind).toBe('match');
});
