import type { RegistryAddresses } from '../../checks/registry/addresses.ts';
import type { ImageName } from '../../checks/registry/remove-images.ts';
import { UserError, type Problem } from '../../errors/user-error.ts';
import { parseImageReference } from '../../planning/values/parse-image-reference.ts';

/**
 * Images in the registry of a lab, as people name them: `web:1`, or with the registry before it.
 * @throws UserError USAGE_ARGUMENTS with each that is none
 */
export function imageNames(words: readonly string[], addresses: RegistryAddresses): readonly ImageName[] {
  const read = words.map((word) => readName(word, addresses));
  const [first, ...more] = read.flatMap((name) => ('code' in name ? [name] : []));
  if (first !== undefined) throw new UserError(first, ...more);
  return read.flatMap((name) => ('code' in name ? [] : [name]));
}

function readName(word: string, { here, agents }: RegistryAddresses): ImageName | Problem {
  const bad = (message: string, fix: string): Problem => ({ code: 'USAGE_ARGUMENTS', message, found: word, fix });
  const parsed = parseImageReference(word);
  if ('fault' in parsed) return bad(`this is not the name of an image: ${parsed.fault}`, parsed.fix);
  const { domain, path, tag, digest } = parsed;
  if (domain !== undefined && domain !== here && domain !== agents)
    return bad(
      `this image is in another registry than that of the lab, ${here}`,
      `Write NAME:TAG, such as ${path}:${tag ?? '1'}`,
    );
  if (digest !== undefined)
    return bad('an image is removed by its tag', 'images list --registry shows the tags of each');
  if (tag === undefined) return bad('the tag is missing', `Write NAME:TAG, such as ${path}:latest`);
  return { repository: path, tag };
}
