import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { imageSets } from '../catalogue/image-sets.ts';
import { defaultLimitMb } from '../components/registry.ts';
import { sharesEngine } from '../components/mesos-settings.ts';
import { agentBounds } from './agent-bounds.ts';
import { agentDockerApi } from './agent-docker-api.ts';
import { withAdopted } from './plan-adopted.ts';
import { planCleaner } from './plan-cleaner.ts';
import { planComponents } from './plan-components.ts';
import { planDockerConfig } from './plan-docker-config.ts';
import { planEngine } from './plan-engine.ts';
import { planNetworks } from './plan-networks.ts';
import { placeComponents, type Placed } from './plan-places.ts';
import { PortPlanner } from './plan-ports.ts';
import type { PlanContext } from './plan-settings.ts';
import { planSimulatedAgents } from './plan-simulated-agents.ts';
import { planUrls, zookeeperConnect, zookeeperUrl } from './plan-urls.ts';
import { majority, planZookeepers } from './plan-zookeepers.ts';
import type { Plan, PlannedComponent, PlannedNode, VagrantPlan, ZookeeperMember } from './plan.ts';
import { resolveSpec, type ResolvedNode, type ResolvedSpec } from './resolve-spec.ts';
import { roles, type Role } from '../catalogue/roles.ts';

function planVagrant({ vagrant, imageSet }: ResolvedSpec): VagrantPlan | undefined {
  if (vagrant === undefined) return undefined;
  const { dockerVersion, needsCgroupV1 } = imageSets[imageSet];
  return {
    provider: vagrant.provider ?? 'virtualbox',
    box: vagrant.box ?? '',
    cpus: vagrant.cpus ?? 2,
    memoryMb: vagrant.memoryMb ?? 2048,
    dockerVersion,
    cgroupV1: needsCgroupV1,
  };
}

function planNodes(nodes: readonly ResolvedNode[], components: readonly PlannedComponent[]): readonly PlannedNode[] {
  const byNode = new Map<string, PlannedComponent[]>(nodes.map(({ name }) => [name, []]));
  for (const component of components) byNode.get(component.node)?.push(component);
  return nodes.map(({ name, address, docker, roles: wanted }) => ({
    name,
    ...(address === undefined ? {} : { address }),
    roles: roles.filter((role) => wanted.includes(role)),
    ...(docker === undefined ? {} : { docker }),
    components: byNode.get(name) ?? [],
  }));
}

function planEnsemble(placed: readonly Placed[], clientPort: number, onHosts: boolean): readonly ZookeeperMember[] {
  const members = placed.filter(({ role }) => role === 'zookeeper');
  return planZookeepers(
    members.map(({ node, host }) => ({ node: node.name, host, id: node.zookeeperId })),
    clientPort,
    onHosts,
  );
}

/** What every component's settings depend on. */
function planContext(
  spec: ClusterSpec,
  resolved: ResolvedSpec,
  placed: readonly Placed[],
  zookeepers: readonly ZookeeperMember[],
  ports: PortPlanner,
): PlanContext {
  const { placement, timing, agentDocker, clusterName, workDir } = resolved;
  const connect = zookeeperConnect(zookeepers);
  const hosts = (wanted: Role) => placed.filter(({ role }) => role === wanted).map(({ host }) => host);
  const urls = (wanted: Role) => hosts(wanted).map((host) => `http://${host}:${ports.inside(wanted)}`);
  const registrationTimeout = spec.mesos?.agent?.flags?.executor_registration_timeout;
  return {
    spec,
    labName: spec.name,
    placement,
    timing,
    agentDocker,
    addons: resolved.addons,
    clusterName,
    workDir,
    quorum: spec.mesos?.quorum ?? majority(hosts('mesos-master').length),
    mesosZk: zookeeperUrl(connect, resolved.mesosZkPath),
    marathonZk: zookeeperUrl(connect, resolved.marathonZkPath),
    zookeeperConnect: connect,
    zooServers: zookeepers.map(({ serverLine }) => serverLine).join(' '),
    masterUrls: placed
      .filter(({ role }) => role === 'mesos-master')
      .map(({ host, ordinal }) => `http://${host}:${ports.portsOf('mesos-master', ordinal)[0]?.target ?? 0}`),
    marathonUrls: urls('marathon'),
    statisticsUrls: urls('marathon-lb'),
    prometheusUrl: spec.autoscale?.prometheus?.replace(/\/+$/, '') ?? urls('prometheus')[0],
    registryLimitMb: spec.registry?.limitMb ?? defaultLimitMb,
    agentBounds: agentBounds(spec),
    askedRegistrationTimeout: registrationTimeout === undefined ? undefined : String(registrationTimeout),
    needsCniFolders: imageSets[resolved.imageSet].needsCniFolders,
    agentDockerApi: agentDockerApi(spec, resolved),
    taskNetwork: spec.taskNetwork,
    agentDockerConfig: planDockerConfig(spec)?.inContainer,
    gatewayForTasks:
      sharesEngine(resolved) && hosts('mesos-dns').length > 0
        ? planNetworks(spec, resolved, ports.offset).network?.addresses?.gateway
        : undefined,
  };
}

/**
 * Makes every decision about a lab, once: names, addresses, ports, ZooKeeper ids and server lines, quorum, URLs,
 * images and settings. Pure: the same spec gives the same plan.
 *
 * @param spec a spec in which check-spec.ts found no error; from others the plan is meaningless, but it is a plan
 */
export function planCluster(spec: ClusterSpec): Plan {
  const resolved = resolveSpec(spec);
  const placed = placeComponents(resolved);
  const counts = new Map<Role, number>(placed.map(({ role, ordinal }) => [role, ordinal]));
  const ports = new PortPlanner(spec, resolved.placement, counts);
  const zookeepers = planEnsemble(placed, ports.inside('zookeeper'), resolved.placement === 'machines');
  const context = planContext(spec, resolved, placed, zookeepers, ports);
  const { components, agents } = planComponents(resolved, placed, context, ports, zookeepers);
  const vagrant = planVagrant(resolved);
  const simulatedAgents = planSimulatedAgents(spec);
  const bounds = agentBounds(spec);
  const cleaner = planCleaner(spec, resolved);
  const agentDockerConfig = planDockerConfig(spec);
  const { name, preset, placement, imageSet, timing, bind, agentDocker, addons, clusterName, workDir } = resolved;
  const plan: Plan = {
    name,
    preset,
    placement,
    imageSet,
    needsCgroupV1: imageSets[imageSet].needsCgroupV1 && spec.images?.overrides?.['mesos-agent']?.image === undefined,
    readsContainerConfig: imageSets[imageSet].readsContainerConfig,
    timing,
    bind,
    portOffset: ports.offset,
    agentDocker,
    addons,
    nodes: planNodes(resolved.nodes, components),
    zookeepers,
    agents,
    ...(simulatedAgents === undefined ? {} : { simulatedAgents }),
    masterCount: counts.get('mesos-master') ?? 0,
    quorum: context.quorum,
    urls: {
      mesosZk: context.mesosZk,
      marathonZk: context.marathonZk,
      zookeeperConnect: context.zookeeperConnect,
      ...planUrls(components, bind, addons),
    },
    servicePorts: ports.services,
    clusterName,
    workDir,
    engine: planEngine(spec, resolved, components),
    ...(bounds === undefined ? {} : { agentBounds: bounds }),
    ...(cleaner === undefined ? {} : { cleaner }),
    ...planNetworks(spec, resolved, ports.offset),
    ...(spec.registryMirror === undefined ? {} : { registryMirror: spec.registryMirror }),
    ...(agentDockerConfig === undefined ? {} : { agentDockerConfig }),
    ...(vagrant === undefined ? {} : { vagrant }),
    nativeConfig: spec.nativeConfig ?? false,
  };
  return withAdopted(plan, spec.adopted);
}
