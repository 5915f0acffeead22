import { listImages, nameOf, type RegistryImage } from '../../checks/registry/list-images.ts';
import {
  lookBeforeRemoval,
  namesIn,
  removeImages,
  type Removal,
  type RemovalPlan,
} from '../../checks/registry/remove-images.ts';
import type { Registry } from '../../checks/registry/registry.ts';
import { repositoriesOf } from '../../checks/registry/registry-names.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { nearest } from '../../planning/shape/nearest.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { imageNames } from './image-names.ts';
import { registryOfLab, registryProblem } from './registry-of-lab.ts';

/** `images remove NAME:TAG…`: takes images out of the registry of the lab, all of them or none. */
export async function removeFromRegistry(
  context: Context,
  line: CommandLine,
  words: readonly string[],
): Promise<ExitCode> {
  const { registry, addresses } = await registryOfLab(context, line);
  const names = imageNames(words, addresses);
  const plan = await asked(lookBeforeRemoval(registry, names));
  if (plan.missing.length > 0) throw await unknownImages(registry, plan.missing, plan.images);
  if (!isOn(line, 'force')) refuseMore(plan);
  const { removed, failure } = await removeImages(registry, plan.removals);
  if (failure !== undefined) throw halfDone(registryProblem(failure), removed);
  const gone = removed.flatMap(namesIn);
  context.stdout.write(
    isOn(line, 'json')
      ? `${JSON.stringify({ removed: gone }, undefined, 2)}\n`
      : `Removed ${gone.join(', ')}. Their disk is free after: create-mesos-cluster images clean\n`,
  );
  return exitCodes.ok;
}

const asked = <Result>(answer: Promise<Result>): Promise<Result> =>
  answer.catch((error: unknown) => {
    throw registryProblem(error);
  });

/** Each with what is most like it; of one repository its tags, else the other repositories. */
async function unknownImages(
  registry: Registry,
  missing: readonly string[],
  images: readonly RegistryImage[],
): Promise<UserError> {
  const isKnown = (name: string) => images.some(({ repository }) => name.startsWith(`${repository}:`));
  const repositories = missing.every(isKnown) ? [] : await asked(repositoriesOf(registry));
  const { images: others } = await asked(listImages(registry, likely(missing, repositories)));
  const all = [...images, ...others].map(nameOf);
  const [first, ...more] = missing.map((name): Problem => {
    const near = nearest(name, all);
    return {
      code: 'USAGE_UNKNOWN_NAME',
      message: `the registry has no image ${name}; nothing was removed`,
      found: name,
      fix: `${near === undefined ? '' : `Did you mean ${near}? `}create-mesos-cluster images list --registry shows all`,
    };
  });
  if (first === undefined) throw new Error('no image is missing');
  return new UserError(first, ...more);
}

/** Repositories that somebody may have meant: only their tags are looked at. */
const likely = (missing: readonly string[], repositories: readonly string[]) => [
  ...new Set(missing.flatMap((name) => nearest(name.replace(/:[^:]*$/, ''), repositories) ?? [])),
];

/** @throws UserError USAGE_ARGUMENTS when more would go than was named */
function refuseMore({ alsoGone, broken }: RemovalPlan): void {
  const [first, ...more]: readonly Problem[] = [
    ...(alsoGone.length === 0
      ? []
      : [
          {
            code: 'USAGE_ARGUMENTS' as const,
            message: `the same image has other tags, which go with it: ${alsoGone.join(', ')}; nothing was removed`,
            fix: 'Name them as well, or pass --force',
          },
        ]),
    ...broken.map(({ index, child }) => ({
      code: 'USAGE_ARGUMENTS' as const,
      message: `${index} is an image for several platforms, and ${child} is one of them; nothing was removed`,
      fix: `Name ${index} as well, or pass --force: then ${index} stays without that platform`,
    })),
  ];
  if (first !== undefined) throw new UserError(first, ...more);
}

/** @param why an error of the user, or a bug */
function halfDone(why: unknown, removed: readonly Removal[]): unknown {
  if (!isUserError(why)) return why;
  const [first, ...more] = why.problems;
  const gone = removed.length === 0 ? 'nothing was removed' : `removed before: ${removed.flatMap(namesIn).join(', ')}`;
  return new UserError({ ...first, message: `${first.message}; ${gone}` }, ...more);
}
