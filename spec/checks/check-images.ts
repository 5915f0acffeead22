import { nearest } from '../nearest.ts';
import { parseImageReference, platforms } from '../parse-image-reference.ts';
import { listWords, showText } from '../show-value.ts';
import { mistake, type Check } from './mistake.ts';

/** The overrides of images: references, platforms and commands. */
export const checkImages: Check = ({ images }) =>
  Object.entries(images?.overrides ?? {}).flatMap(([part, override]) => {
    const path = ['images', 'overrides', part];
    const { image, platform, command } = override ?? {};
    const parsed = image === undefined ? undefined : parseImageReference(image);
    return [
      ...(image !== undefined && parsed && 'fault' in parsed
        ? [
            mistake(
              'SPEC_IMAGE',
              [...path, 'image'],
              `The image of ${part} is no reference to an image: ${parsed.fault}`,
              {
                found: showText(image),
                allowed: 'a reference as `docker pull` takes it: host:port/name:tag@digest, only the name being needed',
                fix: parsed.fix,
              },
            ),
          ]
        : []),
      ...(platform !== undefined && !platforms.includes(platform)
        ? [
            mistake('SPEC_IMAGE', [...path, 'platform'], `The platform of ${part} is not one that images exist for`, {
              found: showText(platform),
              allowed: listWords(platforms),
              fix: platformFix(platform),
            }),
          ]
        : []),
      ...(command !== undefined && (command.length === 0 || command[0]?.trim() === '')
        ? [
            mistake('SPEC_IMAGE', [...path, 'command'], `The command of ${part} is empty`, {
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
