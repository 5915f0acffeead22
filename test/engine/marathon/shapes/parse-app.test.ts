import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseApp, parseUpdate } from '../../../../engine/marathon/apps/app-changes.ts';
import { canonicalId, idErrors } from '../../../../engine/marathon/apps/path-id.ts';
import { ApiError } from '../../../../engine/marathon/marathon-error.ts';
import { appFields } from '../../../../protocol/app-schema/app-fields.ts';
import type { Json } from '../../../../protocol/mesos.ts';
import { trials } from '../../../support/trials.ts';

const definition = fc.dictionary(fc.constantFrom(...Object.keys(appFields)), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 8,
});

test('whatever is posted is an app, or one of Marathon’s errors', () => {
  fc.assert(
    fc.property(definition, (json) => {
      for (const parse of [parseApp, parseUpdate]) {
        try {
          parse(json as Json);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }
    }),
    { numRuns: trials('PROPERTY_RUNS', { usual: 500, thorough: 2000 }) },
  );
});

test.each([
  [{ docker: { image: 'i', network: 'HOST' } }, [{ mode: 'host' }], undefined],
  [{ docker: { image: 'i' } }, [{ mode: 'host' }], undefined],
  [
    { docker: { image: 'i', network: 'BRIDGE' } },
    [{ mode: 'container/bridge' }],
    [{ containerPort: 0, hostPort: 0, servicePort: 0, protocol: 'tcp', name: 'default', labels: {} }],
  ],
] as const)('container %j is on %j', (container, networks, portMappings) => {
  const app = parseApp({ id: 'a', container: container as unknown as Json });
  expect(app.networks).toEqual(networks);
  expect(app.container?.portMappings).toEqual(portMappings);
});

test('an address per task becomes a container network', () => {
  const app = parseApp({
    id: 'a',
    cmd: 'x',
    ipAddress: { networkName: 'dev', discovery: { ports: [{ number: 80, name: 'http', protocol: 'tcp' }] } },
  });
  expect(app.networks).toEqual([{ mode: 'container', name: 'dev' }]);
  expect(app.container).toMatchObject({ type: 'MESOS', portMappings: [{ containerPort: 80, name: 'http' }] });
});

test('a container network without a name is the one that Marathon was given', () => {
  const settings = { defaultNetworkName: 'dcos' };
  const networks = (more: Readonly<Record<string, Json>>) =>
    parseApp({ id: 'a', cmd: 'x', ...more }, '', undefined, settings).networks;
  expect(networks({ ipAddress: {} })).toEqual([{ mode: 'container', name: 'dcos' }]);
  expect(networks({ networks: [{ mode: 'container' }] })).toEqual([{ mode: 'container', name: 'dcos' }]);
  expect(networks({ networks: [{ mode: 'container', name: 'own' }] })).toEqual([{ mode: 'container', name: 'own' }]);
  expect(networks({})).toEqual([{ mode: 'host' }]);
  expect(networks({ networks: [{ mode: 'container/bridge' }] })).toEqual([{ mode: 'container/bridge' }]);
  expect(() => parseApp({ id: 'a', cmd: 'x', ipAddress: {} })).toThrow(ApiError);
});

test.each([
  ['a', '/a'],
  ['/a/b/', '/a/b'],
  ['../b', '/b'],
  ['//a//b', '/a/b'],
  ['./a', '/a'],
])('the id %s is %s', (id, canonical) => {
  expect(canonicalId(id)).toBe(canonical);
});

test.each(['', '/', 'A', 'a_b', '-a', 'a-', 'a..b', 'a/tasks', 'restart', 'x'.repeat(300), 'a/../..'])(
  'the id %j is refused',
  (id) => {
    expect(idErrors(id)).not.toEqual([]);
  },
);

test.each(['a', 'basic-0', '/group/name.sub-1', '../a', 'x'.repeat(100)])('the id %j is accepted', (id) => {
  expect(idErrors(id)).toEqual([]);
});
