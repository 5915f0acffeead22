import * as z from 'zod';
import { liteBuild } from '../catalogue/image-sets.ts';
import { imageParts, imageSetNames, type ImagePart } from '../catalogue/roles.ts';

const imageOverride = z.strictObject({
  image: z.string().optional().meta({ description: 'Image reference, as `docker pull` takes it.' }),
  platform: z.string().optional().meta({ description: 'os/architecture, e.g. linux/amd64.' }),
  command: z.array(z.string()).optional().meta({ description: 'Replaces the command that the image set gives.' }),
});

const perPart = <Value extends z.ZodType>(value: Value) =>
  z.strictObject(
    Object.fromEntries(imageParts.map((part) => [part, value.optional()])) as Record<ImagePart, z.ZodOptional<Value>>,
  );

/** The shape of `images` in a spec. */
export const images = z.strictObject({
  set: z.enum(imageSetNames).optional().meta({
    description:
      'Which images play the roles: clusterd (living fork), stock (last Mesosphere images), lite (built locally).',
    default: 'clusterd',
  }),
  overrides: perPart(imageOverride).optional().meta({ description: 'Other images, platforms or commands, by role.' }),
  build: z
    .strictObject({
      base: z.string().optional().meta({
        description: 'Image with Node.js (20.12 or newer) and a shell that the lite image is made from.',
        default: liteBuild.args.BASE,
      }),
      dockerCli: z.string().optional().meta({
        description: "Image that the lite image's Docker CLI is copied from: /usr/local/bin/docker in it.",
        default: liteBuild.args.DOCKER_CLI,
      }),
    })
    .optional()
    .meta({ description: 'What the images of the set lite are built from.' }),
});
