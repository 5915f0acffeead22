import { imageSets, type ImageBuild } from '../catalogue/image-sets.ts';
import type { ImagePart, ImageSetName } from '../catalogue/roles.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { PlannedImage } from './plan.ts';

/** The image that plays a part in this lab: the set's, with what the spec overrides. */
export function planImage(spec: ClusterSpec, set: ImageSetName, part: ImagePart): PlannedImage {
  const image = imageSets[set].images[part];
  const override = spec.images?.overrides?.[part];
  // Another image is another program: what the set knows of its processor does not hold for it.
  const platform = override?.platform ?? (override?.image === undefined ? image.onlyPlatform : undefined);
  const command = override?.command ?? image.command;
  const build = override?.image === undefined ? image.build : undefined;
  return {
    reference: override?.image ?? image.reference,
    ...(platform === undefined ? {} : { platform }),
    ...(command === undefined ? {} : { command }),
    // What an image that is not ours has is not known; all published ones of Mesos and Marathon have bash.
    probe: override?.probe ?? (image.build !== undefined && build === undefined ? 'bash' : image.probe),
    ...(build === undefined ? {} : { build: { ...build, args: buildArguments(spec, build) } }),
  };
}

function buildArguments({ images }: ClusterSpec, { args }: ImageBuild): ImageBuild['args'] {
  const { base, dockerCli } = images?.build ?? {};
  return {
    ...args,
    ...(base === undefined ? {} : { BASE: base }),
    ...(dockerCli === undefined ? {} : { DOCKER_CLI: dockerCli }),
  };
}
