import * as z from 'zod';
import { liteBuild } from '../catalogue/image-sets.ts';
import { probesOf } from '../catalogue/probes.ts';
import { imageParts, imageSetNames, type ImagePart } from '../catalogue/roles.ts';

const imageOverride = {
  image: z.string().optional().meta({ description: 'Image reference, as `docker pull` takes it.' }),
  platform: z.string().optional().meta({ description: 'os/architecture, e.g. linux/amd64.' }),
  command: z.array(z.string()).optional().meta({ description: 'Replaces the command that the image set gives.' }),
};

const probe = (part: ImagePart) =>
  z.enum(probesOf(part)).optional().meta({
    description:
      'The program of the image that its health is asked with (`http-probe`: in the lite image); ZooKeeper takes `bash`, `nc` or `none`, and `docker-engine` has no choice. `none`: no health check, and nothing waits for one; `up` looks from outside.',
  });

const overrideOf = (part: ImagePart) => z.strictObject({ ...imageOverride, probe: probe(part) });

/** An override of each part: what has no choice of probes has no such key. */
const overrides = z.strictObject(
  Object.fromEntries(
    imageParts.map((part) => {
      const shape = probesOf(part).length > 0 ? overrideOf(part) : z.strictObject(imageOverride);
      return [part, shape.optional()];
    }),
  ) as Record<ImagePart, z.ZodOptional<ReturnType<typeof overrideOf>>>,
);

/** The shape of `images` in a spec. */
export const images = z.strictObject({
  set: z.enum(imageSetNames).optional().meta({
    description:
      'Which images play the roles: clusterd (living fork), stock (last Mesosphere images), lite (built locally).',
    default: 'clusterd',
  }),
  overrides: overrides.optional().meta({ description: 'Other images, platforms, commands or probes, by role.' }),
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
