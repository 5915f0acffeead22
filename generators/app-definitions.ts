import { taskPortsIn } from '../planning/plan/plan-agents.ts';
import type { Plan } from '../planning/plan/plan.ts';
import type { GeneratedFile } from './generated-file.ts';

interface AppDefinition {
  readonly id: string;
  readonly cpus: number;
  readonly mem: number;
  readonly instances: number;
  readonly [key: string]: unknown;
}

/** A Docker container in Marathon's newer form: networks beside the container, port mappings in it. */
const bridged = (
  image: string,
  mapping: Readonly<Record<string, unknown>>,
  docker: Readonly<Record<string, unknown>> = {},
) => ({
  networks: [{ mode: 'container/bridge' }],
  container: { type: 'DOCKER', docker: { image, ...docker }, portMappings: [{ ...mapping, protocol: 'tcp' }] },
});

export const addressApp = 'nginx-address';

/** Mesos offers 31000 and up unless `resources` say otherwise. */
const usualTaskPort = 31_000;

/** The port of an agent that basic-3 asks for: the first that the first agent offers to everybody. */
export function firstTaskPort({ agents: [agent] }: Plan): number {
  return taskPortsIn(agent?.resources ?? '', '*').at(0)?.begin ?? usualTaskPort;
}

/** The example apps: what they are and what they prove is in the README of the lab. */
export function exampleApps(plan: Plan): readonly AppDefinition[] {
  return [
    {
      id: 'basic-0',
      cmd: "while [ true ] ; do echo 'Hello Marathon' ; sleep 5 ; done",
      cpus: 0.1,
      mem: 10,
      instances: 1,
    },
    {
      id: 'basic-3',
      cmd: 'python3 -m http.server 8080',
      cpus: 0.5,
      mem: 32,
      instances: 1,
      // hostPort is fixed on purpose: it shows that an agent runs only one such task.
      ...bridged(
        'python:3',
        { containerPort: 8080, hostPort: firstTaskPort(plan), servicePort: 0 },
        { forcePullImage: true },
      ),
    },
    {
      id: 'nginx',
      labels: { HAPROXY_GROUP: 'external' },
      cpus: 0.2,
      // Published with 20; today's nginx starts a worker for each processor, and more than a few do not fit in that.
      mem: 64,
      instances: 2,
      ...bridged('nginx:1.27', { containerPort: 80, hostPort: 0, servicePort: plan.servicePorts.first }),
      healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0, gracePeriodSeconds: 300, intervalSeconds: 10 }],
    },
    {
      id: 'docker-tester',
      cmd: 'sleep 500',
      cpus: 0.5,
      mem: 300,
      instances: 1,
      container: { type: 'DOCKER', docker: { image: 'debian:12-slim' } },
    },
  ];
}

/** Two web servers at port 80 of addresses of their own, where the lab has a network for that; no port of an agent. */
function addressApps({ taskNetwork, servicePorts: { first, last } }: Plan): readonly AppDefinition[] {
  if (taskNetwork === undefined) return [];
  const mapping = { containerPort: 80, servicePort: last > first ? first + 1 : 0, protocol: 'tcp' };
  return [
    {
      id: addressApp,
      labels: { HAPROXY_GROUP: 'external' },
      cpus: 0.1,
      mem: 64,
      instances: 2,
      networks: [{ mode: 'container', name: taskNetwork.name }],
      container: { type: 'DOCKER', docker: { image: 'nginx:1.27' }, portMappings: [mapping] },
      healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0, gracePeriodSeconds: 300, intervalSeconds: 10 }],
    },
  ];
}

/** `apps/NAME.json`, ready for `POST /v2/apps`. */
export function appFiles(plan: Plan): readonly GeneratedFile[] {
  return [...exampleApps(plan), ...addressApps(plan)].map((app) => ({
    path: `apps/${app.id}.json`,
    content: `${JSON.stringify(app, undefined, 2)}\n`,
  }));
}
