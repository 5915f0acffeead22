import { expect, test } from 'vitest';
import { appFields } from '../../protocol/app-schema/app-fields.ts';
import { checkValue } from '../../protocol/app-schema/check-value.ts';
import { fillDefaults } from '../../protocol/app-schema/fill-defaults.ts';
import { object } from '../../protocol/app-schema/schema.ts';
import type { Json } from '../../protocol/mesos.ts';

const problems = (definition: Json) => checkValue(object(appFields), definition);

test('the published examples of app definitions are valid', () => {
  expect(problems({ id: '/foo', instances: 2 })).toEqual([]);
  expect(
    problems({
      id: '/foo',
      cmd: 'sleep 1000',
      cpus: 0.1,
      constraints: [['hostname', 'LIKE', 'srv2.*']],
      container: {
        type: 'DOCKER',
        docker: {
          image: 'mesosphere:marathon/latest',
          network: 'BRIDGE',
          parameters: [{ key: 'name', value: 'kdc' }],
          portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp', servicePort: 10_019, name: 'http' }],
        },
        volumes: [{ containerPath: '/docker_storage', hostPath: '/hdd', mode: 'RW' }],
      },
      env: { A: 'b', PASSWORD: { secret: '/db/password' } },
      ipAddress: { discovery: { ports: [{ number: 8080, name: 'rest', protocol: 'tcp' }] }, groups: ['dev'] },
      unreachableStrategy: 'disabled',
      version: '2015-09-25T15:13:48.343Z',
    }),
  ).toEqual([]);
});

test('null is as good as missing, and unknown fields are ignored', () => {
  expect(problems({ id: 'a', cmd: null, container: null, whatever: 5 })).toEqual([]);
  expect(fillDefaults({ id: { schema: { kind: 'string' } } }, { id: 'a', whatever: 5 })).toEqual({ id: 'a' });
});

test('every problem has its place', () => {
  expect(
    problems({
      id: 'a',
      healthChecks: [{}, { protocol: 'SMTP', port: 70_000 }],
      constraints: [['hostname']],
      env: { A: 5 },
      container: { docker: {} },
      labels: { x: 1 },
    }).map(({ path, isTypeError }) => `${path} ${isTypeError ? 'type' : 'value'}`),
  ).toEqual([
    '/constraints(0) value',
    '/container/docker/image type',
    '/env/A type',
    '/healthChecks(1)/port value',
    '/healthChecks(1)/protocol type',
    '/labels/x type',
  ]);
});

test('defaults are filled in at every depth', () => {
  const filled = fillDefaults(appFields, { id: 'a', healthChecks: [{ path: '/' }], container: { type: 'MESOS' } });
  expect(filled).toMatchObject({
    instances: 1,
    mem: 128,
    cpus: 1,
    maxLaunchDelaySeconds: 300,
    healthChecks: [{ protocol: 'HTTP', gracePeriodSeconds: 300, intervalSeconds: 60, timeoutSeconds: 20 }],
    container: { type: 'MESOS', volumes: [] },
  });
  expect(fillDefaults(appFields, { instances: 2 }, true)).toEqual({ instances: 2 });
});
