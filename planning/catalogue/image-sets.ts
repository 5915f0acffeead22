import type { ComponentImage } from '../components/component.ts';
import { dockerEngine } from '../components/docker-engine.ts';
import { componentOf, roles, type ImagePart, type ImageSetName } from './roles.ts';

/** How an image is built; paths are relative to the lab. */
export interface ImageBuild {
  /** Folder that is sent to the builder. */
  readonly context: string;
  readonly dockerfile: string;
  /** Build arguments: `BASE` and `DOCKER_CLI` are references of images that must be there, or be pulled, to build. */
  readonly args: Readonly<Record<string, string>>;
}

/** What an image set knows of the image that plays a part. */
interface SetImage extends ComponentImage {
  /** Flags that the image's own CMD sets: the command line beats the environment, so ours must stand there too. */
  readonly commandLineFlags?: readonly string[];
  readonly build?: ImageBuild;
}

/** One set of images that work together. */
export interface ImageSet {
  readonly title: string;
  readonly images: Readonly<Record<ImagePart, SetImage>>;
  /** Docker release that a node's own Engine is pinned to, as the package version starts. */
  readonly dockerVersion: string;
  /** Runs Docker tasks only on a cgroup v1 host. */
  readonly needsCgroupV1: boolean;
  /**
   * Its executor of Docker tasks reads both CNI folders without looking whether they are set, and crashes if not
   * (m3scluster/clusterd src/launcher/docker_executor.cpp, since February 2023, so from 0.4 on).
   */
  readonly needsCniFolders: boolean;
  /** Its agent starts no Docker task without ContainerConfig in `docker inspect IMAGE` (plan/agent-docker-api.ts). */
  readonly readsContainerConfig: boolean;
}

const amd64 = 'linux/amd64';

/** Parts that each set plays with an image of its own. */
type OwnPart = 'mesos-master' | 'mesos-agent' | 'marathon' | 'marathon-lb';

const mesosphereMarathon = {
  reference: 'mesosphere/marathon:v1.11.24',
  onlyPlatform: amd64,
  probe: 'bash',
} as const satisfies SetImage;

/**
 * What the lite image is built from, unless the spec says otherwise: Node.js 20.12 or newer with a shell, and an image
 * that has the Docker CLI at /usr/local/bin/docker, which must run on the first.
 */
export const liteBuild = {
  /** The lab's own copy of this tool. */
  context: '.mesos-cluster/tool',
  dockerfile: 'images/lite/Dockerfile',
  args: { BASE: 'node:22-alpine', DOCKER_CLI: 'docker:28-cli' },
} as const satisfies ImageBuild;

/** Its tag is the same for every version of this package: a label of the image says which one it was built from. */
const lite = (program: string, ...words: readonly string[]): SetImage => ({
  reference: 'create-mesos-cluster/lite:local',
  command: [program, ...words],
  probe: 'http-probe',
  build: liteBuild,
});

/** Parts that every set takes from the same place. */
const shared = Object.fromEntries<SetImage>([
  ...roles.flatMap((role): readonly [string, ComponentImage][] => {
    const { image } = componentOf[role];
    return image === undefined ? [] : [[role, image]];
  }),
  ['docker-engine', dockerEngine.image],
  // Programs of ours alone.
  ['metrics', lite('mesos-metrics')],
  ['autoscaler', lite('autoscaler')],
  ['registry-gate', lite('registry-gate')],
]) as Readonly<Record<Exclude<ImagePart, OwnPart>, SetImage>>;

/**
 * Every image set. Images that all sets share are in components/, the others are spelt here alone. Tags were not checked
 * against a live registry (docs/compatibility.md); each can be overridden under `images.overrides`.
 */
export const imageSets: Readonly<Record<ImageSetName, ImageSet>> = {
  clusterd: {
    title: 'the living fork of Mesos (clusterd), for current hosts with cgroup v2',
    images: {
      ...shared,
      // One image with everything under systemd; it has only a CMD, so a command of our own starts one program.
      'mesos-master': { reference: 'avhost/mesos-mini:v1.11.0-0.8.0', command: ['mesos-master'], probe: 'bash' },
      'mesos-agent': { reference: 'avhost/mesos-mini:v1.11.0-0.8.0', command: ['mesos-agent'], probe: 'bash' },
      marathon: mesosphereMarathon,
      'marathon-lb': { reference: 'avhost/marathon-lb:v1.17.0-4', onlyPlatform: amd64, probe: 'bash' },
    },
    dockerVersion: '28.',
    needsCgroupV1: false,
    needsCniFolders: true,
    readsContainerConfig: false,
  },
  stock: {
    title: 'the last Mesosphere images (Mesos 1.7.1), for cgroup v1 hosts',
    images: {
      ...shared,
      'mesos-master': {
        reference: 'mesosphere/mesos-master:1.7.1',
        onlyPlatform: amd64,
        // The image's CMD is --registry=in_memory, which forgets the cluster with every restart.
        commandLineFlags: ['registry'],
        probe: 'bash',
      },
      'mesos-agent': { reference: 'mesosphere/mesos-slave:1.7.1', onlyPlatform: amd64, probe: 'bash' },
      marathon: mesosphereMarathon,
      'marathon-lb': { reference: 'mesosphere/marathon-lb:v1.14.1', onlyPlatform: amd64, probe: 'bash' },
      // Mesos reads ContainerConfig of `docker inspect`, which the Engine leaves out from API 1.45 (Docker 26) on.
      'docker-engine': { reference: 'docker:25-dind', probe: 'docker' },
    },
    dockerVersion: '25.',
    needsCgroupV1: true,
    needsCniFolders: false,
    readsContainerConfig: true,
  },
  lite: {
    title: 'small images of our own engine, built on this machine, native on amd64 and arm64',
    images: {
      ...shared,
      'mesos-master': lite('mesos-master'),
      'mesos-agent': lite('mesos-agent'),
      marathon: lite('marathon'),
      'marathon-lb': lite('marathon-lb'),
      chronos: lite('chronos'),
      'mesos-dns': lite('mesos-dns', '-config=/config.json'),
    },
    dockerVersion: '28.',
    needsCgroupV1: false,
    needsCniFolders: false,
    readsContainerConfig: false,
  },
};
