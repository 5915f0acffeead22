import { describe, expect, test } from 'vitest';
import { parseApp } from '../../../../engine/marathon/apps/app-changes.ts';
import { parsePod } from '../../../../engine/marathon/pods/pod-changes.ts';
import { ApiError } from '../../../../engine/marathon/marathon-error.ts';
import type { Json } from '../../../../protocol/mesos.ts';
import { waitFor } from '../marathon-for-test.ts';
import { container, pod } from '../pods/pod-for-test.ts';
import { startCluster } from '../real-cluster.ts';

/** What is wrong with a definition, as PATH: WORDS. */
function errorsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { details } = error.body;
    return typeof details === 'object' ? details.map(({ path, errors }) => `${path}: ${errors.join()}`) : [];
  }
}
const app =
  (more: Readonly<Record<string, Json>>, ...features: readonly string[]) =>
  () =>
    parseApp({ id: '/a', cmd: 'true', ...more }, '', undefined, { features });
const podOf =
  (more: object, ...features: readonly string[]) =>
  () =>
    parsePod(pod(more), undefined, { features });

const secrets = { pw: { source: '/db/password' } };
const env = { PW: { secret: 'pw' } };
const file = (more: object = {}) => ({
  container: { type: 'MESOS', volumes: [{ containerPath: 'path/to/password', secret: 'pw', ...more }] },
});
const mounted = (more: object, mountPath = 'path/to/password') => ({
  containers: [container('a', { volumeMounts: [{ name: 'v', mountPath }] })],
  volumes: [{ name: 'v', secret: 'pw' }],
  ...more,
});
const notEnabled = 'Feature secrets is not enabled. Enable with --enable_features secrets)';
const noReferences = 'use of secret-references in the environment requires the secrets feature to be enabled';

test("the examples of Marathon's secrets.md are taken with the feature", () => {
  expect(errorsOf(app({ env, secrets }, 'secrets'))).toEqual([]);
  expect(errorsOf(app({ ...file(), secrets }, 'secrets'))).toEqual([]);
  expect(errorsOf(podOf({ environment: env, secrets }, 'secrets'))).toEqual([]);
  expect(errorsOf(podOf(mounted({ secrets }), 'secrets'))).toEqual([]);
  expect(app({ env, secrets }, 'secrets')()).toMatchObject({ env, secrets });
  expect(podOf(mounted({ secrets }), 'secrets')()).toMatchObject({
    pod: { secrets, volumes: [{ name: 'v', secret: 'pw' }] },
  });
});

describe('without the feature they are refused, in the words of Marathon', () => {
  test('in an app', () => {
    expect(errorsOf(app({ env, secrets }))).toEqual([`/secrets: ${notEnabled}`, `/env: ${noReferences}`]);
    expect(errorsOf(app({ ...file(), secrets }, 'task_killing'))).toEqual([
      `/container/volumes(0): ${notEnabled}`,
      `/secrets: ${notEnabled}`,
    ]);
  });

  test('in a pod', () => {
    expect(errorsOf(podOf({ containers: [container('a', { environment: env })], secrets }))).toEqual([
      `/secrets: ${notEnabled}`,
      `/containers(0)/environment: ${noReferences}`,
    ]);
    expect(errorsOf(podOf(mounted({ secrets })))).toEqual([`/secrets: ${notEnabled}`, `/volumes(0): ${notEnabled}`]);
  });
});

test('a secret that is not defined is none', () => {
  const undefinedSecret = 'references an undefined secret';
  const noSecret = 'volume.secret must refer to an existing secret';
  expect(errorsOf(app({ env }, 'secrets'))).toEqual([`/env/PW/secret: ${undefinedSecret}`]);
  expect(errorsOf(app(file(), 'secrets'))).toEqual([`/container/volumes(0): ${noSecret}`]);
  expect(errorsOf(podOf({ environment: env }, 'secrets'))).toEqual([`/environment/PW/secret: ${undefinedSecret}`]);
  expect(errorsOf(podOf(mounted({}), 'secrets'))).toEqual([`/volumes(0): ${noSecret}`]);
});

test('a secret is a file in a sandbox, and nowhere else', () => {
  const outside = 'must be a path in the sandbox: a secret is a file there';
  for (const containerPath of ['/etc/password', '../password']) {
    expect(errorsOf(app({ ...file({ containerPath }), secrets }, 'secrets'))).toEqual([
      `/container/volumes(0)/containerPath: ${outside}`,
    ]);
  }
  expect(errorsOf(podOf(mounted({ secrets }, '/etc/password'), 'secrets')).join()).toContain(outside);
  const docker = { container: { ...file().container, type: 'DOCKER', docker: { image: 'nginx' } } };
  expect(errorsOf(app({ ...docker, secrets }, 'secrets'))).toEqual([
    '/container/volumes(0): a secret is a file for the container type MESOS, not for DOCKER',
  ]);
});

test('an agent without a store of secrets fails the task, and does not start it without its secret', async () => {
  const { client } = await startCluster(32_450, { features: ['secrets'] });
  const definition = { id: '/a', cmd: 'true', cpus: 0.1, mem: 16, env, secrets };
  expect((await client.post('/v2/apps', definition)).status).toBe(201);
  await waitFor(async () => {
    expect((await client.app('/a')).lastTaskFailure).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Failed to launch container: Collect failed: Default secret resolver cannot resolve references',
    });
  });
  expect((await client.get('/v2/info')).body.marathon_config.features).toEqual(['secrets']);
});
