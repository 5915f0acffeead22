import { exitCodes } from '../../errors/exit-codes.ts';
import { generateFiles } from '../../generators/generate-files.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import { preparePlan } from '../../spec/prepare-plan.ts';
import { isOn } from '../command-line.ts';
import type { Command } from '../command.ts';
import { labDirectory } from '../plan-source.ts';
import { readLabSpec, specFileName } from '../read-spec.ts';
import { toolCopies } from '../tool-copy.ts';
import { writeOrShow } from '../write-or-show.ts';

/** `generate`: writes the files of a lab again, from its mesos-cluster.yaml. */
export const generate: Command = async (context, line) => {
  const directory = labDirectory(context, line);
  // A write that was killed half-way would look like edits, and may not have brought its spec yet.
  recoverLab(context.files, directory);
  const { spec, text, locate } = await readLabSpec(context, directory);
  const { plan, warnings } = await preparePlan(spec, locate);
  await writeOrShow(context, line, {
    plan,
    warnings,
    request: {
      directory,
      files: await generateFiles(plan),
      spec: { path: specFileName, content: text },
      replaceSpec: false,
      copies: toolCopies(context),
      toolVersion: context.version,
      force: isOn(line, 'force'),
      purpose: 'regenerate',
    },
  });
  return exitCodes.ok;
};
