import type { Context } from '../platform/context.ts';
import type { FoundImage } from '../runtimes/docker/images/lab-images.ts';
import { table } from './table.ts';

/** `85 MB`, as Docker counts them. */
export const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1e6))} MB`;

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
  const rows = images.map(({ reference, platform, from, usedBy, here }) => [
    reference,
    !isKnown ? '?' : here === undefined ? 'missing' : megabytes(here.bytes),
    platform ?? '',
    { built: 'built here', pulled: 'pulled', app: 'pulled by agents' }[from],
    usedBy.join(', '),
  ]);
  stdout.write(table(['IMAGE', 'HERE', 'PLATFORM', 'COMES', 'FOR'], rows));
  const missing = images.filter(({ here }) => here === undefined).length;
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
