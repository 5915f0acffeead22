import { UserError } from '../../../errors/user-error.ts';
import type { StreamingCommands } from '../../../platform/processes/streaming-commands.ts';
import { failureWords, type DockerEngine } from '../../docker/docker-engine.ts';

/** An Engine with the name that people know it by. */
export interface NamedEngine {
  /** `node2`, `this machine` */
  readonly name: string;
  readonly engine: DockerEngine;
}

/** One of those between which is copied. */
interface Place {
  readonly name: string;
  readonly engine: Pick<DockerEngine, 'command'>;
}

interface CopyWorld {
  readonly streams: Pick<StreamingCommands, 'pipe'>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Over a slow network, for gigabytes. */
const copyMs = 1_800_000;

/**
 * Copies images from one Engine to others, through this machine and no file: for networks without a registry. All get
 * them at the same time, as fast as the slowest takes them.
 * @throws UserError COMMAND_FAILED that names those which could not take them, and why
 */
export async function copyImages(
  { streams, cwd, signal }: CopyWorld,
  { images, from, to }: { readonly images: readonly string[]; readonly from: Place; readonly to: readonly Place[] },
): Promise<void> {
  const source = from.engine.command(['save', ...images]);
  const targets = to.map(({ engine }) => engine.command(['load', '--quiet']));
  const result = await streams.pipe(source, targets, { cwd, signal, timeoutMs: copyMs });
  signal.throwIfAborted();
  const failed = result.targets.flatMap((end, index) =>
    end.kind === 'ended' && end.exitCode === 0 ? [] : [{ name: to[index]?.name ?? '', end }],
  );
  // When one of them has failed, the source ends, too, if only because nobody reads any more.
  const isRead = result.source.kind === 'ended' && result.source.exitCode === 0;
  if (result.source.kind === 'missing' || (!isRead && failed.length === 0)) {
    failed.push({ name: from.name, end: result.source });
  }
  const [first] = failed;
  if (first === undefined) return;
  const said = failureWords(first.end, copyMs);
  const isFull = /no space left on device|disk quota/i.test(said);
  throw new UserError({
    code: 'COMMAND_FAILED',
    message: `${failed.map(({ name }) => name).join(', ')}: ${images.join(', ')} could not be copied from ${from.name}${isFull ? ': the disk is full' : ''}`,
    found: said,
    fix: isFull
      ? `on ${first.name}: docker system df shows what fills it, docker system prune makes room`
      : 'what was copied stays; run it again',
  });
}
