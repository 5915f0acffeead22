import type { Plan, PlannedComponent } from '../../spec/plan.ts';
import { commentOf } from '../../spec/setting-comments.ts';
import { entry, list, map, type YamlEntry } from '../yaml-text.ts';
import {
  commandEntry,
  commentFor,
  commonEntries,
  dependsOn,
  environmentEntry,
  healthcheck,
  healthyServices,
  httpProbe,
  imageEntries,
  ownHost,
  portsEntry,
  serviceOf,
  type Builder,
  type BuilderContext,
  type ComposeService,
} from './compose-service.ts';

/** Memory of the process that only holds the namespaces of a pod. */
const nodeMemoryMb = 32;
/** What the agent's Engine needs itself, beside the tasks. */
const engineMemoryMb = 512;

const agentCheck = (component: PlannedComponent, plan: Plan): YamlEntry =>
  healthcheck(
    httpProbe(component.image.probe, ownHost(component, plan), component.ports[0]?.target ?? 0, '/health'),
  );

/** Holds the network and pid namespaces and the name of the node, so that Engine and agent can restart in them. */
function nodeService(component: PlannedComponent, plan: Plan): ComposeService {
  const { image } = plan.engine;
  const first = component.ordinal === 1;
  return {
    name: `${component.service}-node`,
    volumes: [],
    body: [
      ...imageEntries({ ...image, entrypoint: ['sleep', 'infinity'] }, first),
      entry('init', true, commentFor(component, 'init')),
      entry('hostname', component.host),
      entry(
        'networks',
        map([entry("default", map([entry("aliases", list([component.host]))]))]),
        first ? 'Tasks, Engine and agent all answer at this name.' : undefined,
      ),
      portsEntry(component.ports, plan.bind),
      // The image declares a volume for an Engine's data, which this container has no use for.
      entry('tmpfs', list(['/var/lib/docker'])),
      ...commonEntries(component.node, 'node', nodeMemoryMb),
    ],
  };
}

/** The Docker Engine of one agent: no TCP port, and nobody else's containers. */
function engineService(component: PlannedComponent, plan: Plan): ComposeService {
  const { image, arguments: args, proxy } = plan.engine;
  const service = component.service;
  const name = `${service}-docker`;
  const node = `service:${service}-node`;
  const volumes = [
    // In memory: pid files of before a power cut would name processes that are others now.
    { name: `${service}-run`, memory: true },
    { name: `${service}-work` },
    { name: `${service}-images` },
  ];
  return {
    name,
    volumes,
    body: [
      ...imageEntries(image, component.ordinal === 1),
      // The first word keeps the image's entry point from adding a TCP port.
      commandEntry([...(image.command ?? ['dockerd', '--host=unix:///var/run/docker.sock']), ...args]),
      entry('privileged', true, component.ordinal === 1 ? 'Docker in Docker needs it; nothing else here does.' : undefined),
      entry('network_mode', node),
      entry('pid', node, commentFor(component, 'pid')),
      environmentEntry([{ name: 'DOCKER_TLS_CERTDIR', value: '', origin: 'derived' }, ...proxy], (setting) =>
        commentFor(component, setting),
      ),
      entry('volumes', list([`${service}-run:/var/run`, `${service}-work:${plan.workDir}`, `${service}-images:/var/lib/docker`])),
      dependsOn([{ name: `${service}-node`, condition: 'service_started', restart: true }]),
      healthcheck(['CMD', 'docker', 'info']),
      ...commonEntries(component.node, 'docker-engine', component.memoryMb === undefined ? undefined : component.memoryMb + engineMemoryMb),
    ],
  };
}

/** The Mesos agent of a pod: shares namespaces, socket and work directory with its Engine. */
function podAgent(component: PlannedComponent, context: BuilderContext): ComposeService {
  const service = component.service;
  const node = `service:${service}-node`;
  return {
    name: service,
    volumes: [],
    body: serviceOf(component, context.plan, {
      network: [entry('network_mode', node), entry('pid', node)],
      volumes: [`${service}-run:/var/run`, `${service}-work:${context.plan.workDir}`],
      dependsOn: dependsOn([
        { name: `${service}-node`, condition: 'service_started', restart: true },
        { name: `${service}-docker`, condition: 'service_healthy' },
        ...healthyServices(context, 'zookeeper'),
      ]),
      healthcheck: agentCheck(component, context.plan),
    }),
  };
}

/** An agent that uses the Engine of its machine: all agents of a lab on one host, or the one of a host of its own. */
function sharedEngineAgent(component: PlannedComponent, context: BuilderContext): ComposeService {
  const workDir = component.environment.find(({ name }) => name === 'MESOS_WORK_DIR')?.value ?? context.plan.workDir;
  const first = component.ordinal === 1;
  return {
    name: component.service,
    volumes: [],
    body: serviceOf(component, context.plan, {
      volumes: ['${DOCKER_SOCKET:-/var/run/docker.sock}:/var/run/docker.sock', `${workDir}:${workDir}`, '/sys/fs/cgroup:/sys/fs/cgroup'],
      extra: [
        entry('pid', 'host', first ? commentOf('pid') : undefined),
        entry('privileged', true, first ? 'Manages the cgroups of its tasks.' : undefined),
      ],
      dependsOn: dependsOn(healthyServices(context, 'zookeeper')),
      healthcheck: agentCheck(component, context.plan),
    }),
  };
}

/** An agent: a pod of three services with an Engine of its own, or one service on the machine's Engine. */
export const mesosAgentServices: Builder = (component, context) =>
  context.plan.agentDocker === 'dind'
    ? [nodeService(component, context.plan), engineService(component, context.plan), podAgent(component, context)]
    : [sharedEngineAgent(component, context)];
