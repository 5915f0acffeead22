import { basename, resolve } from 'node:path';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { megabytes } from '../../runtimes/images-facet.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { printImages } from '../printing/images-text.ts';
import { openLab } from '../lab/open-lab.ts';
import { imagesOfLab, type ImagesOfLab } from '../running/images-of-lab.ts';

/** One call of the verb. */
interface Task extends ImagesOfLab {
  readonly context: Context;
  readonly line: CommandLine;
}

const actions = { list, pull, push, save, load } as const;

/** What names images, and needs a lab that runs. */
const named = {
  remove: async (context, line, names) =>
    (await import('../images/remove.ts')).removeFromRegistry(context, line, names),
  warm: async (context, line, names) => (await import('../images/warm.ts')).warmAgents(context, line, names),
} as const satisfies Readonly<Record<string, Named>>;

type Named = (context: Context, line: CommandLine, names: readonly string[]) => Promise<ExitCode>;

/** `images WORD…`: what a lab needs of images, for those without a network, and what is in its registry. */
export const images: Command = async (context, line) => {
  const [word = 'list', ...more] = line.positionals;
  if (isOn(line, 'registry')) {
    if (word !== 'list' || more.length > 0) throw usage(line);
    return (await import('../images/list-registry.ts')).listRegistry(context, line);
  }
  if (word === 'clean') {
    if (more.length > 0) throw usage(line);
    return (await import('../images/clean.ts')).cleanRegistryOfLab(context, line);
  }
  if (isKeyOf(named, word)) {
    if (more.length === 0) throw usage(line);
    return named[word](context, line, more);
  }
  const [file] = more;
  const wantsFile = word === 'save' || word === 'load';
  if (!isKeyOf(actions, word) || more.length > 1 || wantsFile === (file === undefined)) throw usage(line);
  const { facet, request } = await imagesOfLab(context, line, openLab(context, line));
  return actions[word]({ context, line, facet, request }, resolve(context.cwd, file ?? ''));
};

const isKeyOf = <Table extends object>(table: Table, word: string): word is string & keyof Table =>
  Object.hasOwn(table, word);

function usage({ positionals }: CommandLine): UserError {
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'images does not take these arguments',
    found: positionals.join(' '),
    allowed:
      'images list [--registry], images pull, images push, images save FILE, images load FILE, images remove NAME:TAG…, images clean, images warm IMAGE…',
    fix: 'FILE is for example lab-images.tar.gz',
  });
}

async function list({ context, line, facet, request }: Task): Promise<ExitCode> {
  const { images: found, unknown } = await facet.list(request);
  if (unknown !== undefined) request.tell.warn(`${unknown.message}: what is here is not known`);
  printImages(context, isOn(line, 'json'), found, unknown === undefined);
  return exitCodes.ok;
}

async function pull({ context, line, facet, request }: Task): Promise<ExitCode> {
  printImages(context, isOn(line, 'json'), await facet.pull(request), true);
  return exitCodes.ok;
}

/** Copies to the machines of the lab what they lack: for networks without a registry. */
async function push({ context, line, facet, request }: Task): Promise<ExitCode> {
  if (facet.push === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message:
        'images push copies images to the machines of a lab: virtual ones, or those under nodes that have a key docker',
      fix: 'on one host: images save FILE, and images load FILE on the other machine',
    });
  }
  const { copied, missing } = await facet.push(request);
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify({ copied, missing }, undefined, 2)}\n`);
  else {
    context.stdout.write(copied.length === 0 ? 'Nothing to copy.\n' : `Copied ${copied.join(', ')}\n`);
    if (missing.length > 0) context.stdout.write(`Neither this machine nor a node has: ${missing.join(', ')}\n`);
  }
  return exitCodes.ok;
}

async function save({ context, line, facet, request }: Task, file: string): Promise<ExitCode> {
  const saved = await facet.save(request, file, isOn(line, 'force'));
  context.stdout.write(
    isOn(line, 'json')
      ? `${JSON.stringify({ file, ...saved }, undefined, 2)}\n`
      : `${file} (${megabytes(saved.bytes)}); on another machine, in a lab like this one: create-mesos-cluster images load ${basename(file)}\n`,
  );
  return exitCodes.ok;
}

async function load({ context, line, facet, request }: Task, file: string): Promise<ExitCode> {
  printImages(context, isOn(line, 'json'), await facet.load(request, file), true);
  return exitCodes.ok;
}
