import type { Context } from '../../platform/context.ts';
import type { ImagesFacet, ImagesRequest } from '../../runtimes/images-facet.ts';
import { appImages } from '../apps/app-images.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { planOfLab } from '../lab/open-lab.ts';
import { refuseIfNot, runtimeOnMachines, runtimesOf } from './runtimes.ts';

/** What does something with the images of a lab, and which they are. */
export interface ImagesOfLab {
  readonly facet: ImagesFacet;
  readonly request: ImagesRequest;
}

/** @throws UserError when the lab is of a kind that has no images, and the problems of its spec */
export async function imagesOfLab(context: Context, line: CommandLine, directory: string): Promise<ImagesOfLab> {
  const runtimes = runtimesOf(context);
  await refuseIfNot(await runtimes.ofFolder(directory), 'images', directory, context);
  const plan = await planOfLab(context, line, directory);
  const { images: facet } = runtimeOnMachines(runtimes, plan) ?? runtimes.docker;
  if (facet === undefined) throw new Error('there is no runtime with images');
  const own = appImages(context, directory, plan);
  const tell = reporterFor(context, line);
  return { facet, request: { plan, directory, appImages: own, tell, signal: context.signal } };
}
