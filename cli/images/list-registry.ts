import { listImages, nameOf, type RegistryImage, type RegistryListing } from '../../checks/registry/list-images.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import type { Context } from '../../platform/context.ts';
import { megabytes } from '../../runtimes/images-facet.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { table } from '../printing/table.ts';
import { registryOfLab, registryProblem } from './registry-of-lab.ts';

/** `images list --registry`: what tags name in the registry of the lab. */
export async function listRegistry(context: Context, line: CommandLine): Promise<ExitCode> {
  const { registry, addresses } = await registryOfLab(context, line);
  const listing = await listImages(registry).catch((error: unknown) => {
    throw registryProblem(error);
  });
  context.stdout.write(
    isOn(line, 'json')
      ? `${JSON.stringify(dataOf(listing, addresses.agents), undefined, 2)}\n`
      : textOf(listing, addresses.agents),
  );
  return exitCodes.ok;
}

/** @param agents the registry, as the Engines of agents call it */
const dataOf = ({ images, bytes }: RegistryListing, agents: string) => ({
  images: images.map(({ repository, tag, digest, platforms, created, missing, ...image }) => ({
    name: nameOf({ repository, tag }),
    reference: `${agents}/${nameOf({ repository, tag })}`,
    ...{ repository, tag, digest, platforms },
    ...(image.bytes === undefined ? {} : { bytes: image.bytes }),
    ...(created === undefined ? {} : { created }),
    ...(missing === 0 ? {} : { missingPlatforms: missing }),
  })),
  bytes,
});

function textOf({ images, bytes }: RegistryListing, agents: string): string {
  if (images.length === 0) return 'The registry has no images.\n';
  const rows = images.map((image) => [
    nameOf(image),
    shortDigest(image.digest),
    image.bytes === undefined ? '?' : megabytes(image.bytes),
    image.created?.slice(0, 10) ?? '',
    platformsOf(image),
  ]);
  const count = images.length === 1 ? '1 image has' : `${images.length} images have`;
  const apps = `apps write ${agents}/${nameOf(images[0] ?? { repository: '', tag: '' })}`;
  return `${table(['IMAGE', 'DIGEST', 'SIZE', 'CREATED', 'PLATFORMS'], rows)}${count} ${megabytes(bytes)} together; ${apps}\n`;
}

/** Docker shows so many of its digits, too. */
const shortDigest = (digest: string) => digest.replace(/^([^:]+:.{12}).*$/, '$1');

function platformsOf({ platforms, missing }: RegistryImage): string {
  const lacks = missing === 0 ? [] : [`${missing} of its manifests ${missing === 1 ? 'is' : 'are'} missing`];
  return [...platforms, ...lacks].join(', ');
}
