import { dirname } from 'node:path';
import { UserError } from '../../../errors/user-error.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { StreamingCommands } from '../../../platform/processes/streaming-commands.ts';
import type { FoundImage } from '../../images-facet.ts';
import { failureWords, type DockerEngine } from '../docker-engine.ts';

export interface SaveWorld {
  readonly engine: Pick<DockerEngine, 'command'>;
  readonly streams: Pick<StreamingCommands, 'toFile'>;
  readonly files: FileSystem;
  readonly signal: AbortSignal;
}

export interface SaveRequest {
  readonly images: readonly FoundImage[];
  /** Absolute; `.gz` and `.tgz` are compressed. */
  readonly file: string;
  /** Replaces a file that is there. */
  readonly force: boolean;
  /** Bytes of the file so far. */
  readonly onBytes?: (written: number) => void;
}

/** Some gigabytes onto a slow stick. */
const saveMs = 3_600_000;

/**
 * Writes images into one file, as `docker save` does; the file is there when it is whole, or not at all.
 * @throws UserError USAGE_ARGUMENTS, IMAGE_NOT_AVAILABLE, MACHINE_NOT_WRITABLE or COMMAND_FAILED
 * @throws the signal's reason when it aborts
 */
export async function saveImages(world: SaveWorld, { images, file, force, onBytes }: SaveRequest): Promise<void> {
  const { engine, streams, files, signal } = world;
  checkTarget(files, file, force);
  refuseMissing(images);
  const part = `${file}.part-${files.processId}`;
  const command = engine.command(['save', ...images.map(({ reference }) => reference)]);
  try {
    const gzip = /\.t?gz$/i.test(file);
    const options = { cwd: dirname(file), signal, timeoutMs: saveMs };
    const target = { path: part, gzip, ...(onBytes === undefined ? {} : { onBytes }) };
    const result = await streams.toFile(command, target, options);
    signal.throwIfAborted();
    if (result.kind !== 'ended' || result.exitCode !== 0) {
      throw new UserError({
        code: 'COMMAND_FAILED',
        message: 'docker save failed; no file was written',
        found: failureWords(result, saveMs),
        fix: 'docker info shows whether the Engine is well',
      });
    }
    files.rename(part, file);
  } catch (error) {
    throw isSystemError(error) ? notWritable(file, error) : error;
  } finally {
    files.removeFile(part);
  }
}

function checkTarget(files: FileSystem, file: string, force: boolean): void {
  const kind = files.kindOf(file);
  const place = { kind: 'path', path: file } as const;
  if (kind === 'folder' || (kind !== undefined && kind !== 'file')) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'images save writes a file, and this is none',
      place,
      fix: 'name a file, such as lab-images.tar.gz',
    });
  }
  if (kind === 'file' && !force) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'the file is there already',
      place,
      fix: 'name another one, or pass --force to replace it',
    });
  }
  if (files.list(dirname(file)) === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'there is no such folder',
      place: { kind: 'path', path: dirname(file) },
      fix: 'make it first',
    });
  }
}

function refuseMissing(images: readonly FoundImage[]): void {
  const missing = images.filter(({ here }) => here === undefined);
  if (missing.length === 0) return;
  const ofApps = missing.some(({ from }) => from === 'app')
    ? '; what is in apps/ decides which images of apps are saved: remove files there that you do without'
    : '';
  throw new UserError({
    code: 'IMAGE_NOT_AVAILABLE',
    message: `${missing.length} of ${images.length} images are not on this machine; no file was written`,
    found: missing.map(({ reference }) => reference).join(', '),
    fix: `create-mesos-cluster images pull gets them${ofApps}`,
  });
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && 'syscall' in error;

function notWritable(file: string, { code }: NodeJS.ErrnoException): UserError {
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new UserError({
    code: 'MACHINE_NOT_WRITABLE',
    message: isFull ? 'the disk is full; no file was written' : `the file cannot be written (${code ?? 'unknown'})`,
    place: { kind: 'path', path: file },
    fix: isFull ? 'make room, or name a file on another disk' : 'name a file in a folder that you may write to',
  });
}
