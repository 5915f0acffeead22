import { resolve } from 'node:path';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import type { Locate } from '../../planning/shape/spec-problem.ts';
import type { Context } from '../../platform/context.ts';
import { specUses, textOf, type CommandLine } from '../command-line/command-line.ts';
import { isLab, notALab, readLabSpec, readSpecFile } from './read-spec.ts';
import { locateByKey, locateSettings, settingsOf, withSettings } from '../command-line/spec-from-flags.ts';

/** A spec, and where each of its values was said. */
export interface LocatedSpec {
  readonly spec: ClusterSpec;
  readonly locate: Locate;
}

/** The folder that a verb works on, absolute. */
export function labDirectory({ cwd }: Context, line: CommandLine): string {
  return resolve(cwd, textOf(line, 'lab') ?? '.');
}

/**
 * The spec that `plan` and `explain` are about: that of `--spec`, else that of the lab, else a new one; with the flags
 * over it, so that one can ask what would be.
 * @throws UserError USAGE_NOT_A_LAB when nothing says what to plan, and the problems of the spec
 */
export async function specToShow(context: Context, line: CommandLine): Promise<LocatedSpec> {
  const settings = settingsOf(specUses(line));
  const file = textOf(line, 'spec');
  const directory = labDirectory(context, line);
  const inLab = file === undefined && (textOf(line, 'lab') !== undefined || isLab(context, directory));
  if (!inLab && file === undefined && settings.length === 0) {
    throw notALab(context, directory, 'Name a lab with --lab DIRECTORY, or say what to plan, such as --preset ha');
  }
  const empty: LocatedSpec = { spec: { name: 'mesos-lab' }, locate: locateByKey };
  const below = file === undefined ? empty : await readSpecFile(context, file, settings);
  const base = inLab ? await readLabSpec(context, directory, settings) : below;
  return { spec: withSettings(base.spec, settings), locate: locateSettings(settings, base.locate) };
}
