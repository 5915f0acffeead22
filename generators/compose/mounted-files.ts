import type { PlannedComponent } from '../../planning/plan/plan.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { entry, list, map, type YamlEntry } from '../text/yaml-text.ts';
import { literal, type BuilderContext, type ComposeService } from './compose-service.ts';
import { plainService } from './plain-service.ts';

interface Mounts {
  /** Files of the lab, of all components. */
  readonly files: readonly GeneratedFile[];
  /** Folders of the lab, by where the container has them. */
  readonly folders: readonly (readonly [folder: string, inContainer: string])[];
  readonly namedVolumes?: ComposeService['volumes'];
  readonly volumes?: readonly string[];
  readonly extra?: readonly YamlEntry[];
}

/** Names of configs may have no slashes. */
const configName = (path: string) => path.replaceAll(/[^a-z0-9]+/gi, '-');

/**
 * The service of a component that reads files of the lab: they are mounted where the lab's folder is, and are in the
 * Compose file where the machine that it is for has no other.
 */
export function serviceWithFiles(
  component: PlannedComponent,
  context: BuilderContext,
  { files, folders, namedVolumes = [], volumes = [], extra = [] }: Mounts,
): ComposeService {
  const own = files.filter(({ path }) => folders.some(([folder]) => path.startsWith(`${folder}/`)));
  if (context.plan.placement === 'one-host') {
    const mounts = folders.map(([folder, inContainer]) => `./${folder}:${inContainer}:ro`);
    const service = plainService(component, context, { namedVolumes, volumes: [...mounts, ...volumes], extra });
    // All on one host share them.
    return component.ordinal === 1 ? { ...service, files: own } : service;
  }
  const target = (path: string) =>
    folders
      .map(([folder, inContainer]) =>
        path.startsWith(`${folder}/`) ? `${inContainer}${path.slice(folder.length)}` : '',
      )
      .join('');
  const sources = own.map(({ path }) => map([entry('source', configName(path)), entry('target', target(path))]));
  const service = plainService(component, context, {
    ...{ namedVolumes, volumes },
    extra: [...extra, entry('configs', list(sources))],
  });
  const configs = own.map(({ path, content }) => entry(configName(path), map([entry('content', literal(content))])));
  return { ...service, configs };
}
