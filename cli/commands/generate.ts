import { exitCodes } from '../../errors/exit-codes.ts';
import { generateFiles } from '../../generators/generate-files.ts';
import { toolInLab } from '../../generators/lab-package.ts';
import type { LabCopy, LabRequest } from '../../lab/lab-request.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import type { Context } from '../../platform/context.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { usesClone } from '../lab/launcher.ts';
import { labDirectory } from '../lab/plan-source.ts';
import { readLabSpec, specFileName } from '../lab/read-spec.ts';
import { refuseSimulation } from '../lab/refuse-simulation.ts';
import { toolCopies } from '../lab/tool-copy.ts';
import { writeOrShow } from '../lab/write-or-show.ts';

/** `generate`: writes the files of a lab again, from its mesos-cluster.yaml. */
export const generate: Command = async (context, line) => {
  const directory = labDirectory(context, line);
  // A write that was killed half-way would look like edits, and may not have brought its spec yet.
  recoverLab(context.files, directory);
  const { spec, text, locate } = await readLabSpec(context, directory);
  const { plan, warnings } = await preparePlan(spec, locate);
  const current = spec.runtime === undefined ? text : await namesOfToday(text);
  const request = await regenerateRequest(context, directory, plan, {
    text: current,
    isNew: current !== text,
    force: isOn(line, 'force'),
  });
  await writeOrShow(context, line, { plan, warnings, request });
  return exitCodes.ok;
};

const namesOfToday = async (text: string) =>
  (await import('../../planning/spec-text/edit-spec.ts')).withNamesOfToday(text);

/**
 * What a lab shall hold for a plan. @throws UserError SPEC_COMBINATION for one with simulated agents
 * @param spec its text, and whether that replaces the one of the lab
 */
export async function regenerateRequest(
  context: Context,
  directory: string,
  plan: Plan,
  spec: { readonly text: string; readonly isNew: boolean; readonly force: boolean },
): Promise<LabRequest> {
  refuseSimulation(plan);
  return {
    directory,
    files: await generateFiles(plan),
    spec: { path: specFileName, content: spec.text },
    replaceSpec: spec.isNew,
    copies: copiesFor(context, directory),
    toolVersion: context.version,
    force: spec.force,
    purpose: 'regenerate',
  };
}

/** What the lab gets of the tool; in a clone of its repository the launcher stays what it is, and nothing is added. */
function copiesFor(context: Context, directory: string): readonly LabCopy[] {
  const copies = toolCopies(context);
  if (!usesClone(context.files, directory)) return copies;
  const toolFolder = toolInLab.slice(0, toolInLab.lastIndexOf('/') + 1);
  const isKept = ({ path }: LabCopy) =>
    !path.startsWith(toolFolder) && context.files.kindOf(`${directory}/${path}`) !== undefined;
  return [...copies.filter(isKept), { path: toolInLab, from: `${directory}/${toolInLab}` }];
}
