import type { Context } from '../../platform/context.ts';
import { isMissing, megabytes, type FoundImage } from '../../runtimes/images-facet.ts';
import { table } from './table.ts';

const comes = {
  built: 'built here',
  pulled: 'pulled',
  app: 'pulled by agents',
  registry: "pulled by agents from the lab's registry",
} as const satisfies Record<FoundImage['from'], string>;

function whereIs(image: FoundImage): string {
  if (image.here !== undefined) return megabytes(image.here.bytes);
  return isMissing(image) ? 'missing' : '-';
}

/**
 * Prints the images of a lab, and what is missing of them.
 * @param isKnown whether Docker said which are here
 */
export function printImages(
  { stdout }: Pick<Context, 'stdout'>,
  asData: boolean,
  images: readonly FoundImage[],
  isKnown: boolean,
): void {
  if (asData) {
    stdout.write(`${JSON.stringify({ images: images.map((image) => dataOf(image, isKnown)) }, undefined, 2)}\n`);
    return;
  }
  const rows = images.map((image) => [
    image.reference,
    isKnown ? whereIs(image) : '?',
    image.platform ?? '',
    comes[image.from],
    image.usedBy.join(', '),
  ]);
  stdout.write(table(['IMAGE', 'HERE', 'PLATFORM', 'COMES', 'FOR'], rows));
  const missing = images.filter(isMissing).length;
  if (!isKnown || missing === 0) return;
  stdout.write(`${missing} of ${images.length} are missing: create-mesos-cluster images pull gets them\n`);
}

function dataOf({ reference, platform, from, usedBy, here }: FoundImage, isKnown: boolean) {
  return {
    reference,
    ...(platform === undefined ? {} : { platform }),
    from,
    usedBy,
    ...(isKnown ? { isHere: here !== undefined } : {}),
    ...here,
  };
}
