import { join, relative } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import type { Context } from '../platform/context.ts';

/** The Compose file of a lab on one Docker Engine. */
export const composeFile = 'docker-compose.yml';

/** Words behind `docker`, and what of the environment they must not see. */
export interface ComposeCommand {
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, undefined>>;
}

/**
 * `docker compose …` for the lab's own project and file, with all of its add-ons, and nothing that variables of the
 * user's shell say instead: `down` removes what it is told is ours, volumes too.
 */
export function composeCommand(context: Context, directory: string, words: readonly string[]): ComposeCommand {
  const project = ['--project-name', projectName(context, directory), '--file', composeFile, '--profile', '*'];
  const env = Object.fromEntries(
    Object.keys(context.env)
      .filter((variable) => variable.startsWith('COMPOSE_'))
      .map((variable) => [variable, undefined]),
  );
  return { arguments: ['compose', ...project, ...words], env };
}

/** The name at the head of the Compose file, which the generator has put there. */
function projectName({ files }: Context, directory: string): string {
  const name = /^name: "?([a-z0-9-]+)"?$/m.exec(files.readText(join(directory, composeFile)))?.[1];
  if (name !== undefined) return name;
  throw new UserError({
    code: 'LAB_EDITED',
    message: `${composeFile} does not say the name of its project`,
    place: { kind: 'path', path: join(directory, composeFile) },
    fix: 'create-mesos-cluster generate --force writes it again',
  });
}

/** Folders that have containers of a project of this lab's name; none when Docker does not answer. */
async function foldersWithContainers(context: Context, directory: string, all: boolean): Promise<readonly string[]> {
  const label = 'com.docker.compose.project';
  const filter = ['--filter', `label=${label}=${projectName(context, directory)}`];
  const words = ['ps', ...(all ? ['--all'] : []), ...filter, '--format', `{{.Label "${label}.working_dir"}}`];
  const options = { cwd: directory, stdio: 'capture', signal: context.signal, timeoutMs: 30_000 } as const;
  const result = await context.runCommand('docker', words, options);
  if (result.kind !== 'ended' || result.exitCode !== 0) return [];
  return result.stdout.split('\n').filter((folder) => folder !== '');
}

const isFolder = ({ files }: Context, directory: string) => {
  const own = files.realPath(directory);
  return (folder: string) => folder === own || folder === directory;
};

/** Whether containers of this lab run. */
export async function runsOnDocker(context: Context, directory: string): Promise<boolean> {
  if (context.files.kindOf(join(directory, composeFile)) === undefined) return false;
  return (await foldersWithContainers(context, directory, false)).some(isFolder(context, directory));
}

/**
 * Compose tells projects apart by their names alone: a lab of the same name in another folder would be taken over.
 * @throws UserError SPEC_DUPLICATE
 */
export async function refuseOtherLab(context: Context, directory: string): Promise<void> {
  const isOwn = isFolder(context, directory);
  const other = (await foldersWithContainers(context, directory, true)).find((folder) => !isOwn(folder));
  if (other === undefined) return;
  const name = projectName(context, directory);
  throw new UserError({
    code: 'SPEC_DUPLICATE',
    message: `The containers of a lab called ${name} belong to another folder; nothing was done`,
    place: { kind: 'path', path: relative(context.cwd, directory) || '.' },
    found: other,
    fix: 'End that lab (in its folder: npm run down), or give this one another name in mesos-cluster.yaml',
  });
}

/** Whether this machine has every image of the lab, after pulling those that it has not. */
export async function getImages(context: Context, directory: string): Promise<boolean> {
  if (await hasImages(context, directory)) return true;
  const { arguments: words, env } = composeCommand(context, directory, ['pull']);
  await context.runCommand('docker', words, { cwd: directory, stdio: 'inherit', signal: context.signal, env });
  context.signal.throwIfAborted();
  // Images that are built here are never pulled, so that a pull without them succeeds.
  return hasImages(context, directory);
}

async function hasImages(context: Context, directory: string): Promise<boolean> {
  const options = { cwd: directory, stdio: 'capture', signal: context.signal, timeoutMs: 30_000 } as const;
  const { arguments: words, env } = composeCommand(context, directory, ['config', '--images']);
  const listed = await context.runCommand('docker', words, { ...options, env });
  // What is wrong with the file, Compose itself says best.
  if (listed.kind !== 'ended' || listed.exitCode !== 0) return true;
  const images = [...new Set(listed.stdout.split('\n').filter((image) => image !== ''))];
  const found = await context.runCommand('docker', ['image', 'inspect', '--format', '{{.Id}}', ...images], options);
  return found.kind === 'ended' && found.exitCode === 0;
}
