import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { imageSets } from '../catalogue/image-sets.ts';
import { attributesText, offeredMemoryMb, resourcesText } from './plan-agents.ts';
import { planImage } from './plan-image.ts';
import type { Placed } from './plan-places.ts';
import type { PortPlanner } from './plan-ports.ts';
import { planArguments, planEnvironment, type PlanContext } from './plan-settings.ts';
import type { PlannedAgent, PlannedComponent, PlannedImage, Setting, ZookeeperMember } from './plan.ts';
import type { ResolvedSpec } from './resolve-spec.ts';
import { componentOf, frontPart, roles, type Role } from '../catalogue/roles.ts';

/** Of our own programs (image set lite) with a large lab; they take 60 MB to start with. */
const ownMemoryMb = 256;

/** The image of a component; flags that the image's own CMD sets have to stand on the command line. */
function imageOf(spec: ClusterSpec, resolved: ResolvedSpec, role: Role, environment: readonly Setting[]): PlannedImage {
  const image = planImage(spec, resolved.imageSet, frontPart(role));
  const override = spec.images?.overrides?.[role];
  const flags = imageSets[resolved.imageSet].images[role].commandLineFlags ?? [];
  if (flags.length === 0 || override?.command !== undefined || override?.image !== undefined) return image;
  const command = flags.flatMap((flag) => {
    const setting = environment.find(({ name }) => name === `MESOS_${flag.toUpperCase()}`);
    return setting ? [`--${flag}=${setting.value}`] : [];
  });
  return { ...image, command: [...(image.command ?? []), ...command] };
}

/** A flag that stands on the command line would only mislead in the environment too. */
function withoutCommandLine(environment: readonly Setting[], { command = [] }: PlannedImage): readonly Setting[] {
  return environment.filter(
    ({ name, value }) => !command.includes(`--${name.slice('MESOS_'.length).toLowerCase()}=${value}`),
  );
}

/** What an agent offers on top of its own needs; no limit where it offers all of its machine. */
function memoryLimit(role: Role, agent: PlannedAgent | undefined, isOurs: boolean): { readonly memoryMb?: number } {
  const ownNeeds = isOurs ? ownMemoryMb : componentOf[role].memory.limit;
  if (agent === undefined) return { memoryMb: ownNeeds };
  const offered = offeredMemoryMb(agent.resources);
  return offered === undefined ? {} : { memoryMb: ownNeeds + offered };
}

/** Our own programs are Node.js processes which share what they were loaded from. */
function usualMemory(role: Role, isOurs: boolean): number {
  const { usual, usualLite } = componentOf[role].memory;
  return isOurs ? (usualLite ?? usual) : usual;
}

/** Every component with its ports, image and settings, and what each agent offers. */
export function planComponents(
  resolved: ResolvedSpec,
  placed: readonly Placed[],
  context: PlanContext,
  ports: PortPlanner,
  zookeepers: readonly ZookeeperMember[],
): { readonly components: readonly PlannedComponent[]; readonly agents: readonly PlannedAgent[] } {
  const { spec } = context;
  const common = spec.mesos?.agent;
  const planAgent = ({ id, node, ordinal }: Placed): PlannedAgent => ({
    id,
    attributes: attributesText(node.attributes ?? common?.attributes),
    resources: resourcesText(resolved, node, common?.resources, ordinal - 1),
  });

  const agents: PlannedAgent[] = [];
  const components = placed.map((place): PlannedComponent => {
    const { node, role, ordinal, id, service, host } = place;
    const agent = role === 'mesos-agent' ? planAgent(place) : undefined;
    if (agent) agents.push(agent);
    const isOurs = planImage(spec, resolved.imageSet, frontPart(role)).build !== undefined;
    const own = ports.portsOf(role, ordinal);
    const settings = {
      ...context,
      id,
      host,
      port: own[0]?.target,
      isOurs,
      zookeeperId: role === 'zookeeper' ? zookeepers[ordinal - 1]?.id : undefined,
      agent,
    };
    const environment = planEnvironment(role, spec, settings);
    const image = imageOf(spec, resolved, role, environment);
    return {
      role,
      id,
      service,
      node: node.name,
      ordinal,
      host,
      ports: own,
      image,
      ...(frontPart(role) === role ? {} : { behind: planImage(spec, resolved.imageSet, role) }),
      environment: withoutCommandLine(environment, image),
      arguments: spec.images?.overrides?.[frontPart(role)]?.command === undefined ? planArguments(role, settings) : [],
      ...memoryLimit(role, agent, isOurs),
      usualMemoryMb: usualMemory(role, isOurs),
    };
  });
  return { components: markBuilders(components, resolved.placement), agents };
}

/** Marks the component of each Compose file, in the order of the file, whose service builds the image for all others. */
function markBuilders(
  components: readonly PlannedComponent[],
  placement: ResolvedSpec['placement'],
): readonly PlannedComponent[] {
  const builders = new Map<string, PlannedComponent>();
  for (const role of roles) {
    for (const component of components) {
      const file = placement === 'machines' ? component.node : '';
      if (component.role === role && component.image.build !== undefined && !builders.has(file)) {
        builders.set(file, component);
      }
    }
  }
  const marked = new Set(builders.values());
  return components.map((component) => (marked.has(component) ? { ...component, buildsImage: true } : component));
}
