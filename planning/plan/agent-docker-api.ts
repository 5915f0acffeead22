import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { imageSets } from '../catalogue/image-sets.ts';
import { planImage } from './plan-image.ts';
import type { ResolvedSpec } from './resolve-spec.ts';

/** The last API whose answers about images have ContainerConfig, and the first Docker release that speaks it. */
const lastWithContainerConfig = { api: '1.44', release: 25 };

/** Images of 2019 at the latest, under any registry: their Docker CLI asks for an older API by itself. */
const mesospheres = /(?:^|\/)mesosphere\/mesos-slave(?=[:@]|$)/;

/** The release in the tag of an image of Docker: 26 of `docker:26.1-dind`. */
export function dockerRelease(reference: string): number | undefined {
  const release = /^[^@]*:v?(\d+)[\w.-]*(?:@\S+)?$/.exec(reference)?.[1];
  return release === undefined ? undefined : Number(release);
}

/**
 * The API that the agents' Docker CLI is held to (DOCKER_API_VERSION), where their Mesos reads what the Engine leaves out
 * for newer ones: Apache's (set stock), in an image of the user's own, whose CLI may be new. Never clusterd's, which reads
 * Config.Entrypoint instead. Undefined where it would change nothing: the Engine in the pods is not newer itself.
 */
export function agentDockerApi(spec: ClusterSpec, { imageSet, agentDocker }: ResolvedSpec): string | undefined {
  const own = spec.images?.overrides?.['mesos-agent']?.image;
  if (!imageSets[imageSet].readsContainerConfig || own === undefined || mesospheres.test(own)) return undefined;
  // Which Engine a machine has is seen only when the lab starts there (runtimes/docker/preflight/refusals.ts).
  const engine = agentDocker === 'dind' ? planImage(spec, imageSet, 'docker-engine').reference : '';
  const { api, release } = lastWithContainerConfig;
  return (dockerRelease(engine) ?? Infinity) <= release ? undefined : api;
}
