import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import { commentOf } from '../../planning/explain/setting-reasons.ts';
import { entry, list, map, type Yaml, type YamlEntry } from '../text/yaml-text.ts';
import {
  commandEntry,
  commentFor,
  commonEntries,
  dependsOn,
  dockerSocket,
  environmentEntry,
  imageEntries,
  portsEntry,
  serviceOf,
  withoutEngineData,
  type Builder,
  type BuilderContext,
  type ComposeService,
} from './compose-service.ts';
import { cleanerService } from './cleaner.ts';
import { dockerProbe, healthcheck, paceOf } from './health-check.ts';
import { dnsAddress, dnsEntry, gatewayPorts } from './lab-network.ts';
import { componentCheck, waitedFor } from './plain-service.ts';
import { podKeeper } from './pod-keeper.ts';
import { taskNetworkService } from './task-network.ts';

/** Memory of the process that only holds the namespaces of a pod. */
const nodeMemoryMb = 32;
/** What the agent's Engine needs itself, beside the tasks. */
const engineMemoryMb = 512;

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
        map([entry('default', map([entry('aliases', list([component.host]))]))]),
        first ? 'Tasks, Engine and agent all answer at this name.' : undefined,
      ),
      dnsEntry(component, plan),
      portsEntry(component.ports, plan.bind),
      withoutEngineData(first),
      ...commonEntries(component.node, 'node', nodeMemoryMb),
    ],
  };
}

/** A task that writes without end fills no disk. */
const boundedLogs = ['--log-opt=max-size=10m', '--log-opt=max-file=2'];

/**
 * Empty at each start of the container: a file of before would name a process that is another one now, and an Engine
 * that takes that for its containerd does not start (moby, libcontainerd/supervisor).
 */
const stateFolder = '/engine';
const stateFlags = [`--exec-root=${stateFolder}`, `--pidfile=${stateFolder}/docker.pid`];

/** The Docker Engine of one agent: no TCP port, and nobody else's containers. */
function engineService(component: PlannedComponent, plan: Plan): ComposeService {
  const { image, arguments: args, proxy } = plan.engine;
  const service = component.service;
  const name = `${service}-docker`;
  const first = component.ordinal === 1;
  const node = `service:${service}-node`;
  const dns = dnsAddress(plan);
  const volumes = [
    // In memory: what Mesos keeps of processes there must not outlive them (runtime_dir, docs/configuration/agent.md).
    { name: `${service}-run`, memory: true },
    { name: `${service}-work` },
    { name: `${service}-images` },
  ];
  return {
    name,
    volumes,
    body: [
      ...imageEntries(image, first),
      // The first word keeps the image's entry point from adding a TCP port.
      commandEntry([
        ...(image.command ?? ['dockerd', '--host=unix:///var/run/docker.sock']),
        ...stateFlags,
        ...boundedLogs,
        ...(dns === undefined ? [] : [`--dns=${dns}`]),
        ...args,
      ]),
      entry('privileged', true, first ? 'Docker in Docker needs it.' : undefined),
      entry('network_mode', node),
      entry('pid', node, commentFor(component, 'pid')),
      environmentEntry([{ name: 'DOCKER_TLS_CERTDIR', value: '', origin: 'derived' }, ...proxy], (setting) =>
        commentFor(component, setting),
      ),
      entry(
        'volumes',
        list([`${service}-run:/var/run`, `${service}-work:${plan.workDir}`, `${service}-images:/var/lib/docker`]),
      ),
      entry(
        'tmpfs',
        list([stateFolder]),
        first ? 'Process ids of before a restart would be those of others.' : undefined,
      ),
      dependsOn([{ name: `${service}-node`, condition: 'service_started', restart: true }]),
      healthcheck(dockerProbe, paceOf(component)),
      ...commonEntries(
        component.node,
        'docker-engine',
        component.memoryMb === undefined ? undefined : component.memoryMb + engineMemoryMb,
      ),
    ],
  };
}

const cniNetworks = ({ environment }: PlannedComponent) =>
  environment.find(({ name }) => name === 'MESOS_NETWORK_CNI_CONFIG_DIR');

/**
 * The folder of CNI networks, which has to be there when the agent starts, whatever the image holds: empty, and made by
 * Docker. One that the user names is the image's, with the user's networks.
 */
function cniFolder(component: PlannedComponent): YamlEntry | undefined {
  const networks = cniNetworks(component);
  if (networks?.origin !== 'derived') return undefined;
  const comment = 'No CNI networks; but the agent refuses a folder that is not there.';
  return entry('tmpfs', list([networks.value]), component.ordinal === 1 ? comment : undefined);
}

/** The isolator network/cni, which that setting switches on, mounts at its start (apache/mesos, network/cni/cni.cpp). */
function mountsForCni(component: PlannedComponent): YamlEntry | undefined {
  if (component.image.build !== undefined || cniNetworks(component) === undefined) return undefined;
  const comment = "Its isolator network/cni mounts; the Engine's socket, which it has, gives as much.";
  return entry('privileged', true, component.ordinal === 1 ? comment : undefined);
}

/** Read-only; Docker makes no folder where the file is not. */
function dockerConfigMount({ agentDockerConfig }: Plan): readonly Yaml[] {
  if (agentDockerConfig === undefined) return [];
  const { path, inContainer } = agentDockerConfig;
  return [
    map([
      entry('type', 'bind'),
      entry('source', path.startsWith('/') ? path : `./${path}`),
      entry('target', inContainer),
      entry('read_only', true),
      entry('bind', map([entry('create_host_path', false)])),
    ]),
  ];
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
      volumes: [
        `${service}-run:/var/run`,
        `${service}-work:${context.plan.workDir}`,
        ...dockerConfigMount(context.plan),
      ],
      extra: [mountsForCni(component), cniFolder(component)],
      dependsOn: dependsOn([
        { name: `${service}-node`, condition: 'service_started', restart: true },
        {
          name: `${service}-docker`,
          condition: component.image.build === undefined ? 'service_healthy' : 'service_started',
        },
        // Else the first task may come before its network.
        ...(context.plan.taskNetwork === undefined
          ? []
          : [{ name: `${service}-network`, condition: 'service_healthy' } as const]),
        ...waitedFor(component, context),
      ]),
      healthcheck: componentCheck(component, context.plan),
    }),
  };
}

/** Where an agent's files are, as a mount says it: a volume of the lab, or a folder of the machine. */
export const workDirSource = (component: PlannedComponent, { agentDocker, workDir }: Plan): string =>
  agentDocker === 'dind'
    ? `${component.service}-work`
    : (component.environment.find(({ name }) => name === 'MESOS_WORK_DIR')?.value ?? workDir);

/** An agent that uses the Engine of its machine: all agents of a lab on one host, or the one of a host of its own. */
function sharedEngineAgent(component: PlannedComponent, context: BuilderContext): ComposeService {
  const workDir = workDirSource(component, context.plan);
  const first = component.ordinal === 1;
  const isOurs = component.image.build !== undefined;
  return {
    name: component.service,
    volumes: [],
    body: serviceOf(component, context.plan, {
      published: gatewayPorts(context.plan, String(component.ports[0]?.target ?? 0)),
      volumes: [
        dockerSocket,
        `${workDir}:${workDir}`,
        ...(isOurs ? [] : ['/sys/fs/cgroup:/sys/fs/cgroup']),
        ...dockerConfigMount(context.plan),
      ],
      // Our own agent asks Docker for everything it does to containers.
      extra: isOurs
        ? [entry('init', true, first ? 'Reaps what the commands of tasks leave behind.' : undefined)]
        : [
            entry('pid', 'host', first ? commentOf('pid') : undefined),
            entry('privileged', true, first ? 'Manages the cgroups of its tasks.' : undefined),
            cniFolder(component),
          ],
      dependsOn: dependsOn(waitedFor(component, context)),
      healthcheck: componentCheck(component, context.plan),
    }),
  };
}

/** An agent: a pod of four services (without a cleaner three, with a network of tasks one more) with an Engine of its own, or one service on the machine's Engine. */
export const mesosAgentServices: Builder = (component, context) => {
  const { plan, here } = context;
  if (plan.agentDocker === 'socket') return [sharedEngineAgent(component, context)];
  const pod = [
    nodeService(component, plan),
    engineService(component, plan),
    podAgent(component, context),
    ...(plan.cleaner === undefined ? [] : [cleanerService(component)]),
    ...(plan.taskNetwork === undefined ? [] : [taskNetworkService(component, plan)]),
  ];
  // One for all pods, behind the last of them.
  return here.get('mesos-agent')?.at(-1) === component ? [...pod, podKeeper(plan)] : pod;
};
