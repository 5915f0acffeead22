import { join, relative, resolve } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import type { Locate } from '../../planning/shape/spec-problem.ts';
import type { Context } from '../../platform/context.ts';
import { locateSettings, withSettings, type SpecSetting } from '../command-line/spec-from-flags.ts';

/** The name of the spec in a lab. */
export const specFileName = 'mesos-cluster.yaml';

/** A spec that stands in a file, with the file's text. */
export interface WrittenSpec {
  readonly spec: ClusterSpec;
  readonly text: string;
  readonly locate: Locate;
}

/** One byte more than the largest spec that load-spec takes: enough for it to see that there is more. */
const mostBytes = 8 * 1024 * 1024 + 1;

/**
 * Reads the file of `--spec`, or standard input for `-`.
 * @param file as typed, relative to the current folder
 * @param settings what flags say over it: when the file is wrong, their problems are told with its own
 * @throws UserError SPEC_FILE, SPEC_SYNTAX, SPEC_UNKNOWN_KEY, SPEC_TYPE, and then all others, with their lines
 */
export async function readSpecFile(
  context: Context,
  file: string,
  settings: readonly SpecSetting[] = [],
): Promise<WrittenSpec> {
  if (file !== '-') return parse(readBytes(context, file), file, settings);
  return parse(await context.stdin.read(mostBytes, context.signal), 'standard input', settings);
}

/** Whether there is a lab in a folder. */
export function isLab(context: Context, directory: string): boolean {
  return context.files.kindOf(join(directory, specFileName)) !== undefined;
}

/**
 * Reads the spec of a lab.
 * @param directory absolute
 * @throws UserError USAGE_NOT_A_LAB, and what readSpecFile throws
 */
export async function readLabSpec(
  context: Context,
  directory: string,
  settings: readonly SpecSetting[] = [],
): Promise<WrittenSpec> {
  if (!isLab(context, directory)) throw notALab(context, directory);
  const file = relative(context.cwd, join(directory, specFileName));
  return parse(readBytes(context, file), file, settings);
}

/**
 * The text of a lab's spec as it would be after a change, read as if it stood in the file.
 * @throws UserError as readSpecFile
 */
export function readSpecText(context: Context, directory: string, text: string): Promise<WrittenSpec> {
  return parse(new TextEncoder().encode(text), relative(context.cwd, join(directory, specFileName)), []);
}

/** The error for a folder without a spec. */
export function notALab({ cwd }: Context, directory: string, fix?: string): UserError {
  const shown = relative(cwd, directory) || 'the current folder';
  return new UserError({
    code: 'USAGE_NOT_A_LAB',
    message: `${shown} is not a lab: it has no ${specFileName}`,
    place: { kind: 'path', path: directory },
    fix: fix ?? 'Name the lab with --lab DIRECTORY, or write one: create-mesos-cluster my-lab',
  });
}

async function parse(bytes: Uint8Array, file: string, settings: readonly SpecSetting[]): Promise<WrittenSpec> {
  const { readSpec } = await import('../../planning/spec-text/load-spec.ts');
  const { spec, locate, problems, unread } = readSpec(bytes, file);
  const [first, ...more] = problems;
  if (first) {
    const { allProblems } = await import('../../planning/spec-text/all-problems.ts');
    const rest = await allProblems(withSettings(spec, settings), locateSettings(settings, locate), unread);
    throw new UserError(first, ...more, ...rest);
  }
  return { spec, locate, text: new TextDecoder().decode(bytes) };
}

function readBytes({ files, cwd }: Context, file: string): Uint8Array {
  const path = resolve(cwd, file);
  try {
    return files.readBytes(path);
  } catch (error) {
    throw new UserError({
      code: 'SPEC_FILE',
      message: 'The spec cannot be read',
      place: { kind: 'path', path: file },
      found: reasonOf(error),
      fix: 'Name a mesos-cluster.yaml, or - for standard input',
    });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'a folder';
    case 'EACCES':
      return 'a file that you may not read';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
