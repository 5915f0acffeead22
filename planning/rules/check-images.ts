import { imageSets } from '../catalogue/image-sets.ts';
import { frontPart } from '../catalogue/roles.ts';
import { nearest } from '../shape/nearest.ts';
import { parseImageReference, platforms } from '../values/parse-image-reference.ts';
import { listWords, showText } from '../shape/show-value.ts';
import { problem, warning, type Rule } from './rule.ts';

/** The images of the spec. */
export const checkImages: Rule = (spec, plan) => [...checkOverrides(spec, plan), ...checkBuild(spec, plan)];

/** What the lite image is built from. */
const checkBuild: Rule = ({ images }, { imageSet, addons }) => {
  const problems = Object.entries(images?.build ?? {}).flatMap(([key, image = '']) => {
    const parsed = parseImageReference(image);
    if (!('fault' in parsed)) return [];
    return [
      problem('SPEC_IMAGE', ['images', 'build', key], `This is no reference to an image: ${parsed.fault}`, {
        found: showText(image),
        allowed: referenceForm,
        fix: parsed.fix,
      }),
    ];
  });
  const isBuilt =
    imageSet === 'lite' || addons.some((role) => imageSets[imageSet].images[frontPart(role)].build !== undefined);
  if (images?.build === undefined || isBuilt) return problems;
  const idle = warning('SPEC_IMAGE', ['images', 'build'], `Nothing is built: the images of ${imageSet} are pulled`, {
    found: `images.set ${imageSet}`,
    allowed: 'images.build together with the image set lite',
    fix: 'Write images.set: lite, or remove images.build',
  });
  return [...problems, idle];
};

const referenceForm = 'a reference as `docker pull` takes it: host:port/name:tag@digest, only the name being needed';

/** The overrides of images: references, platforms and commands. */
const checkOverrides: Rule = ({ images }) =>
  Object.entries(images?.overrides ?? {}).flatMap(([part, override]) => {
    const path = ['images', 'overrides', part];
    const { image, platform, command } = override ?? {};
    const parsed = image === undefined ? undefined : parseImageReference(image);
    return [
      ...(image !== undefined && parsed && 'fault' in parsed
        ? [
            problem(
              'SPEC_IMAGE',
              [...path, 'image'],
              `The image of ${part} is no reference to an image: ${parsed.fault}`,
              {
                found: showText(image),
                allowed: referenceForm,
                fix: parsed.fix,
              },
            ),
          ]
        : []),
      ...(platform !== undefined && !platforms.includes(platform)
        ? [
            problem('SPEC_IMAGE', [...path, 'platform'], `The platform of ${part} is not one that images exist for`, {
              found: showText(platform),
              allowed: listWords(platforms),
              fix: platformFix(platform),
            }),
          ]
        : []),
      ...(command !== undefined && (command.length === 0 || command[0]?.trim() === '')
        ? [
            problem('SPEC_IMAGE', [...path, 'command'], `The command of ${part} is empty`, {
              found: command.length === 0 ? 'an empty list' : showText(command[0] ?? ''),
              allowed: 'the program and its arguments, one item each',
              fix: "Write it as a list: [mesos-master, --registry=in_memory], or remove the key for the image set's own",
            }),
          ]
        : []),
    ];
  });

/** What `uname -m` and other tools call the processors. */
function platformFix(platform: string): string {
  const processor = platform.toLowerCase().replace(/^.*\//, '');
  if (/^(?:x86[-_]64|x64|amd64)$/.test(processor)) return 'Write linux/amd64';
  if (/^(?:aarch64|arm64)$/.test(processor)) return 'Write linux/arm64';
  const near = nearest(platform, platforms);
  return near === undefined ? 'Write linux/amd64 or linux/arm64' : `Did you mean ${near}?`;
}
