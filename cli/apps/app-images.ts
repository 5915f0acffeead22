import { join } from 'node:path';
import { listAt, parseJson, textAt } from '../../protocol/json.ts';
import { exampleApps } from '../../generators/app-definitions.ts';
import type { Context } from '../../platform/context.ts';
import type { AppImage } from '../../runtimes/images-facet.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** The images that verify's apps run in: a lab without a network needs them at its agents. */
export function verifyImages(plan: Plan): readonly string[] {
  return imagesOf(exampleApps(plan).filter(({ id }) => id === 'basic-0' || id === 'nginx')).map(
    ({ reference }) => reference,
  );
}

/**
 * The images of the lab's apps: what its folder `apps` says, also of apps that the user put there, and of verify's.
 * A file that is no app definition is left out: `deploy` says what is wrong with it.
 */
export function appImages({ files }: Pick<Context, 'files'>, directory: string, plan: Plan): readonly AppImage[] {
  const folder = join(directory, 'apps');
  const names = (files.list(folder) ?? []).filter((name) => name.endsWith('.json'));
  const definitions = names.flatMap((name) => {
    const path = join(folder, name);
    const parsed = files.kindOf(path) === 'file' ? parseJson(files.readText(path)) : undefined;
    return Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed];
  });
  const verifys = exampleApps(plan).filter(({ id }) => id === 'nginx');
  const all = imagesOf([...definitions, ...verifys]);
  const isFirst = (image: AppImage, index: number) =>
    all.findIndex(({ reference, app }) => reference === image.reference && app === image.app) === index;
  return all.filter(isFirst);
}

/** Of apps, and of pods. */
function imagesOf(definitions: readonly unknown[]): readonly AppImage[] {
  return definitions.flatMap((definition) => {
    const app = (textAt(definition, 'id') ?? '').replace(/^\/+/, '');
    const own = textAt(definition, 'container', 'docker', 'image');
    const ofPod = listAt(definition, 'containers').map((container) => textAt(container, 'image', 'id'));
    return [own, ...ofPod].flatMap((reference) => (reference === undefined ? [] : [{ reference, app }]));
  });
}
