import { words } from '../../words.ts';

/**
 * What an app may be begun from. The first one is in the dialog when it opens.
 * @param group where it will be: with a slash at its end
 */
export const examplesIn = (group: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(examples(group)).map(([name, definition]) => [name, JSON.stringify(definition, null, 2)]),
  );

const examples = (group: string): Readonly<Record<string, object>> => ({
  // The first one of Marathon's documentation (application-basics.md).
  [words.ofApps.exampleCommand]: {
    id: `${group}basic-0`,
    cmd: 'while true; do echo Hello Marathon; sleep 5; done',
    cpus: 0.1,
    mem: 32,
    instances: 1,
  },
  [words.ofApps.exampleNginx]: {
    id: `${group}nginx`,
    cpus: 0.1,
    mem: 64,
    instances: 1,
    networks: [{ mode: 'container/bridge' }],
    container: {
      type: 'DOCKER',
      docker: { image: 'nginx' },
      portMappings: [{ name: 'http', containerPort: 80, hostPort: 0 }],
    },
    healthChecks: [
      {
        protocol: 'MESOS_HTTP',
        path: '/',
        portIndex: 0,
        gracePeriodSeconds: 30,
        intervalSeconds: 5,
        timeoutSeconds: 5,
      },
    ],
  },
  [words.ofApps.examplePod]: {
    id: `${group}pod`,
    scaling: { kind: 'fixed', instances: 1 },
    networks: [{ mode: 'host' }],
    containers: [
      {
        name: 'works',
        exec: { command: { shell: 'while true; do date; sleep 5; done' } },
        resources: { cpus: 0.1, mem: 32 },
      },
      {
        name: 'watches',
        exec: { command: { shell: 'while true; do uptime; sleep 30; done' } },
        resources: { cpus: 0.1, mem: 32 },
      },
    ],
  },
  [words.ofApps.exampleGroup]: {
    id: `${group}shop`,
    apps: [
      { id: 'db', cmd: 'sleep 3600', cpus: 0.1, mem: 32 },
      { id: 'web', cmd: 'sleep 3600', cpus: 0.1, mem: 32, instances: 2, dependencies: [`${group}shop/db`] },
    ],
  },
});
