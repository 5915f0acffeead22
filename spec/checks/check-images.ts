import { isPlatform, parseImageReference } from '../parse-image-reference.ts';
import { showText } from '../show-value.ts';
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
            mistake('SPEC_IMAGE', [...path, 'image'], `The image of ${part} does not parse. ${parsed.fault}`, {
              found: showText(image),
              allowed: 'a reference as `docker pull` takes it: host:port/name:tag@digest, only the name being needed',
              fix: parsed.fix,
            }),
          ]
        : []),
      ...(platform !== undefined && !isPlatform(platform)
        ? [
            mistake('SPEC_IMAGE', [...path, 'platform'], `The platform of ${part} does not parse`, {
              found: showText(platform),
              allowed: 'os/architecture: linux/amd64, linux/arm64, linux/arm64/v8',
              fix: /^(?:x86_64|amd64)$/i.test(platform) ? 'Write linux/amd64' : 'Write linux/amd64 or linux/arm64',
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
