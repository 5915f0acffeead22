import type { Plan, PlannedImage } from '../../../planning/plan/plan.ts';
import type { Refusal } from '../../doctor-facet.ts';
import type { DockerFacts } from './docker-facts.ts';
import { memoryRefusals } from './memory.ts';
import { isAtLeast } from '../../../platform/processes/program-version.ts';
import { containerdRelease, firstEngineOfHeldApi, newestClientApi, oldestEngine } from './requirements.ts';

/**
 * Why this lab cannot run on this Docker, the gravest reason first; then what may go wrong. Empty: it can.
 * Uses nothing but the facts, so that `doctor` can ask it about labs that do not exist.
 */
export function refusals(facts: DockerFacts, plan: Plan): readonly Refusal[] {
  const found = [
    ...whereItIs(facts),
    ...whatItIs(facts),
    ...withoutPrivileges(facts, plan),
    ...agentRefusals(facts, plan),
    ...processorRefusals(facts, plan),
    ...memoryRefusals(facts, plan),
  ];
  return [...found.filter(({ isWarning }) => !isWarning), ...found.filter(({ isWarning }) => isWarning)];
}

const refuse = (code: Refusal['code'], message: string, found: string, fix: string): Refusal => ({
  code,
  message,
  found,
  fix,
  isWarning: false,
});

const warn = (...parts: Parameters<typeof refuse>): Refusal => ({ ...refuse(...parts), isWarning: true });

/** Ports are published on the Engine's machine, and `up` asks for them on this one. */
function whereItIs({ isRemote, context, endpoint }: DockerFacts): readonly Refusal[] {
  if (!isRemote) return [];
  return [
    refuse(
      'MACHINE_DOCKER_CONTEXT',
      "Docker points to another machine, where the lab's ports would be published and not here",
      `context ${context}, ${endpoint}`,
      'unset DOCKER_HOST, or docker context use default; for labs on other machines: --runtime hosts',
    ),
  ];
}

function whatItIs({ engine }: DockerFacts): readonly Refusal[] {
  const { kind, os, version } = engine;
  if (os !== 'linux') {
    const fix = 'switch Docker Desktop to Linux containers';
    return [refuse('MACHINE_IMAGE_SET', 'This Docker runs Windows containers, and the images are for Linux', os, fix)];
  }
  if (kind === 'podman') {
    const message = 'The Engine is Podman, on which no lab was ever tried';
    return [warn('MACHINE_NO_DOCKER', message, `Podman ${version}`, 'install Docker if the lab does not start')];
  }
  if (isAtLeast(version, oldestEngine)) return [];
  const message = `The Docker Engine is older than ${oldestEngine}, the oldest that labs are made for`;
  return [refuse('MACHINE_DOCKER_OLD', message, version, 'update Docker: https://docs.docker.com/engine/install/')];
}

const componentsOf = (plan: Plan) => plan.nodes.flatMap(({ components }) => components);
const hasAgents = (plan: Plan) => componentsOf(plan).some(({ role }) => role === 'mesos-agent');

/**
 * An agent's Engine mounts file systems and cgroups, and an agent on the machine's Engine joins the machine's processes:
 * rootless Docker gives a privileged container no more than its user has.
 */
function withoutPrivileges(facts: DockerFacts, plan: Plan): readonly Refusal[] {
  if (!hasAgents(plan)) return [];
  if (facts.isRootless) {
    return [
      refuse(
        'MACHINE_DOCKER_ROOTLESS',
        'Docker runs rootless, and Mesos agents need containers that are really privileged',
        `rootless Engine at ${facts.endpoint}`,
        "use the machine's own Engine: docker context use default; or up --runtime embedded, which needs none",
      ),
    ];
  }
  if (!facts.hasUserNamespaces) return [];
  return [
    refuse(
      'MACHINE_DOCKER_ROOTLESS',
      'Docker puts containers into user namespaces, and then refuses privileged ones, which Mesos agents need',
      'userns-remap',
      'remove userns-remap from /etc/docker/daemon.json; or up --runtime embedded',
    ),
  ];
}

/** What the agents' Mesos cannot work with. */
function agentRefusals(facts: DockerFacts, plan: Plan): readonly Refusal[] {
  if (!hasAgents(plan)) return [];
  return [
    ...cgroupRefusals(facts, plan),
    ...(plan.agentDocker === 'socket' ? socketRefusals(facts, plan) : podWarnings(plan)),
  ];
}

const settingsOfAgents = (plan: Plan, wanted: string): readonly string[] =>
  componentsOf(plan)
    .filter(({ role }) => role === 'mesos-agent')
    .flatMap(({ environment }) => environment.filter(({ name }) => name === wanted).map(({ value }) => value));

const useAnother = '--image-set clusterd, or lite';

/** In an agent's own Engine too: the cgroups of containers are those of the machine's kernel. */
function cgroupRefusals(facts: DockerFacts, plan: Plan): readonly Refusal[] {
  const containerizers = settingsOfAgents(plan, 'MESOS_CONTAINERIZERS');
  const usesDocker = containerizers.some((value) => value.split(',').includes('docker'));
  if (!plan.needsCgroupV1 || facts.cgroupVersion !== 2 || !usesDocker) return [];
  const machine =
    facts.engine.kind === 'desktop'
      ? 'Docker Desktop has no other; a virtual machine has: --preset three-vm --image-set stock'
      : 'or start this machine with the kernel argument systemd.unified_cgroup_hierarchy=0, if its systemd is older than 256';
  return [
    refuse(
      'MACHINE_IMAGE_SET',
      `The image set ${plan.imageSet} cannot run here: its Mesos agent looks for cgroup v1 and exits ("Failed to find a mounted cgroups hierarchy for the 'cpu' subsystem")`,
      'cgroup v2',
      `${useAnother}; ${machine}`,
    ),
  ];
}

/** An agent with an Engine of its own has one that is pinned to fit; on the machine's it takes what is there. */
function socketRefusals(facts: DockerFacts, plan: Plan): readonly Refusal[] {
  const [heldApi] = settingsOfAgents(plan, 'DOCKER_API_VERSION');
  const clientApi = heldApi ?? newestClientApi[plan.imageSet];
  const { minApiVersion, version } = facts.engine;
  const fix = `leave --agent-docker socket out: then each agent has an Engine that fits; or ${useAnother}`;
  const set = `The image set ${plan.imageSet} cannot run on this Engine`;
  const problems: Refusal[] = [];
  if (clientApi !== undefined && minApiVersion !== '' && !isAtLeast(clientApi, minApiVersion)) {
    const message = `${set}: the Docker client in its agent speaks API ${clientApi} at most`;
    problems.push(refuse('MACHINE_IMAGE_SET', message, `the Engine wants ${minApiVersion} at least`, fix));
  }
  if (heldApi !== undefined && !isAtLeast(version, firstEngineOfHeldApi)) {
    const message = `${set}: its agent is held to API ${heldApi} (DOCKER_API_VERSION), which Docker speaks from 25 on`;
    problems.push(refuse('MACHINE_IMAGE_SET', message, version, `update Docker; or ${fix}`));
  }
  if (plan.readsContainerConfig && facts.storage.isContainerd) {
    const message = `${set}: with images in containerd's store Mesos reads no entry point of an image, and starts no task`;
    problems.push(refuse('MACHINE_IMAGE_SET', message, "containerd's image store", fix));
  }
  return [...problems, ...nameServerWarnings(facts, plan)];
}

/** Docker Desktop publishes at addresses of the machine that it is on, which the lab's network is not on. */
function nameServerWarnings({ engine }: DockerFacts, plan: Plan): readonly Refusal[] {
  if (engine.kind !== 'desktop' || settingsOfAgents(plan, 'MESOS_DEFAULT_CONTAINER_DNS').length === 0) return [];
  const message =
    'Docker Desktop may refuse to publish Mesos-DNS and the agents at an address of the lab\'s network, where tasks on the shared Engine reach them ("Ports are not available")';
  const fix = 'leave --agent-docker socket out: then the Engine of each agent tells its containers; or the add-on';
  return [warn('MACHINE_DOCKER_CONTEXT', message, engine.machine, fix)];
}

/** Another Engine for the pods than the set's: it may leave out what the agent reads. */
function podWarnings({ imageSet, readsContainerConfig, engine: { image, release = 0 } }: Plan): readonly Refusal[] {
  if (!readsContainerConfig || release < containerdRelease) return [];
  const message = `The agents' Engine keeps images in containerd's store, where Mesos of set ${imageSet} reads no entry point, and starts no Docker task`;
  const fix = 'leave images.overrides for docker-engine out, or take a docker:28-dind or older';
  return [warn('MACHINE_IMAGE_SET', message, image.reference, fix)];
}

/** Images for one processor alone, on another: Docker emulates it, if the kernel knows how. */
function processorRefusals({ engine, emulatesAmd64 }: DockerFacts, plan: Plan): readonly Refusal[] {
  const images = [
    ...componentsOf(plan).flatMap(({ image, behind = image }) => [image, behind]),
    ...(hasAgents(plan) ? [plan.engine.image] : []),
  ];
  const foreign = images.filter((image) => isForeign(image, engine.arch));
  const [first] = foreign;
  if (first === undefined) return [];
  const names = [...new Set(foreign.map(({ reference }) => reference))].join(', ');
  const found = `this Engine runs on ${engine.arch}; emulated: ${names}`;
  const lite = plan.imageSet === 'lite' ? '' : '--image-set lite has images for this processor';
  if (emulatesAmd64 === false) {
    const install =
      'docker run --privileged --rm tonistiigi/binfmt --install amd64 teaches the kernel the other processor';
    const message = `Some images are for ${first.platform ?? 'amd64'} alone, and this machine cannot emulate it`;
    return [refuse('MACHINE_IMAGE_SET', message, found, lite === '' ? install : `${lite}; or ${install}`)];
  }
  const message = `Some images are for ${first.platform ?? 'amd64'} alone: they start slowly, and may fail`;
  return [warn('MACHINE_IMAGE_SET', message, found, lite === '' ? 'leave the add-ons out' : lite)];
}

const isForeign = ({ platform }: PlannedImage, arch: string): boolean =>
  platform !== undefined && arch !== '' && platform.split('/')[1] !== arch;
