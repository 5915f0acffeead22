import { resolve } from 'node:path';
import { findCluster } from '../../checks/adopt/find-cluster.ts';
import { AdoptFailure, type FoundCluster } from '../../checks/adopt/found-cluster.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { generateFiles } from '../../generators/generate-files.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import type { Context } from '../../platform/context.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { adoptedSpec, type AdoptedSpec } from '../adopt/adopted-spec.ts';
import { adoptedText } from '../adopt/adopted-text.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { readBaseUrl } from '../lab/base-url.ts';
import { obstacles } from '../lab/folder-problems.ts';
import { folderNameProblem, nameOfFolder } from '../lab/lab-name.ts';
import { specFileName } from '../lab/read-spec.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { locateByKey } from '../command-line/spec-from-flags.ts';
import { toolCopies } from '../lab/tool-copy.ts';
import { writeOrShow } from '../lab/write-or-show.ts';

/** `adopt URL… [DIRECTORY]`: writes a lab that describes a cluster which runs already. */
export const adopt: Command = async (context, line) => {
  const { urls, folder } = readArguments(line);
  const directory = resolve(context.cwd, folder);
  const name = nameOf(directory, folder);
  if (!isOn(line, 'dry-run') && !isOn(line, 'diff')) {
    // Before anybody waits for a cluster.
    const [first, ...more] = obstacles(context, line, folder);
    if (first !== undefined) throw new UserError(first, ...more);
  }
  const found = await look(context, line, urls);
  const adopted = await adoptedSpec(name, found);
  const { plan, warnings } = await preparePlan(adopted.spec, locateByKey);
  recoverLab(context.files, directory);
  tell(context, line, adopted);
  await writeOrShow(context, line, {
    plan,
    warnings,
    details: { adopted: plan.adopted, unknown: adopted.unknown },
    request: {
      directory,
      files: await generateFiles(plan),
      spec: { path: specFileName, content: adoptedText(adopted, found) },
      replaceSpec: true,
      copies: toolCopies(context),
      toolVersion: context.version,
      force: isOn(line, 'force'),
      purpose: 'create',
    },
  });
  return exitCodes.ok;
};

const readUrl = readBaseUrl('adopt');

/** What is a URL, and what the folder. `HOST:PORT` is a URL without its scheme. */
function readArguments(line: CommandLine): {
  readonly urls: Parameters<typeof findCluster>[0];
  readonly folder: string;
} {
  const isUrl = (word: string) => word.includes('://') || /^[A-Za-z0-9.-]+:[0-9]+$/.test(word);
  const words = line.positionals;
  const folders = words.filter((word) => !isUrl(word));
  if (folders.length > 1 || folders.length === words.length) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: folders.length > 1 ? 'adopt writes one folder' : 'adopt needs the URL of a Mesos master',
      found: folders.join(' '),
      allowed: 'URL [URL…] [DIRECTORY]',
      fix: 'create-mesos-cluster adopt http://10.0.0.2:5050 my-cluster',
    });
  }
  const loadBalancer = textOf(line, 'lb');
  return {
    urls: {
      masters: words.filter(isUrl).map((word) => readUrl('URL', word)),
      marathons:
        textOf(line, 'marathon')
          ?.split(',')
          .map((text) => readUrl('--marathon', text)) ?? [],
      ...(loadBalancer === undefined ? {} : { loadBalancer: readUrl('--lb', loadBalancer) }),
    },
    folder: folders[0] ?? 'adopted-cluster',
  };
}

function nameOf(directory: string, folder: string): string {
  const problem = folderNameProblem(directory, folder);
  if (problem !== undefined) throw new UserError(problem);
  return nameOfFolder(directory);
}

async function look(
  context: Context,
  line: CommandLine,
  urls: Parameters<typeof findCluster>[0],
): Promise<FoundCluster> {
  const step = reporterFor(context, line).begin({ title: `Looking at ${urls.masters.join(', ')}` });
  try {
    return await findCluster(urls, context.signal);
  } catch (error) {
    if (context.signal.aborted)
      throw new UserError({ code: 'INTERRUPTED', message: 'Interrupted: nothing was written' });
    if (!(error instanceof AdoptFailure)) throw error;
    throw new UserError({
      code: error.kind === 'unreachable' ? 'ADOPT_UNREACHABLE' : 'ADOPT_NOT_MESOS',
      message: error.message,
      found: error.found,
      fix: error.fix,
    });
  } finally {
    step.leave();
  }
}

/** What could not be known, on standard error; --json has it as data, and the comments of the spec in any case. */
function tell({ stderr }: Context, line: CommandLine, { unknown }: AdoptedSpec): void {
  if (isOn(line, 'quiet') || isOn(line, 'json') || unknown.length === 0) return;
  stderr.write(`What could not be known:\n${unknown.map((sentence) => `  - ${sentence}\n`).join('')}`);
}
