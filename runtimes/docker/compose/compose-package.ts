import type { IDockerComposeOptions, IDockerComposeResult } from 'docker-compose';
import type { CommandResult } from '../../../platform/processes/run-command.ts';

/** The docker-compose package, as far as it is used: what reads or writes YAML does not work (scripts/build.mjs). */
export type ComposePackage = Pick<
  typeof import('docker-compose'),
  'configVolumes' | 'execCompose' | 'stopMany' | 'version'
>;

export type ComposeOptions = IDockerComposeOptions;
export type ComposeResult = IDockerComposeResult;

export const loadCompose = (): Promise<ComposePackage> => import('docker-compose');

/**
 * How a command ended that the package rejected: with the error of a program that could not be started, otherwise with a
 * plain object of what it said.
 * @throws what is neither
 */
export function rejectedResult(reason: unknown): CommandResult {
  if (reason instanceof Error) {
    if ('code' in reason && reason.code === 'ENOENT') return { kind: 'missing' };
    throw reason;
  }
  const { exitCode, out, err } = reason as ComposeResult;
  return exitCode === null ? { kind: 'stopped' } : { kind: 'ended', exitCode, stdout: out, stderr: err };
}

/** What `docker compose version --short` says on this machine; no Engine is asked. */
export async function composeVersion(world: {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly loadCompose?: () => Promise<ComposePackage>;
}): Promise<CommandResult> {
  const compose = await (world.loadCompose ?? loadCompose)();
  try {
    const { out, err } = await compose.version({ cwd: world.cwd, env: { ...world.env } });
    return { kind: 'ended', exitCode: 0, stdout: out, stderr: err };
  } catch (reason) {
    return rejectedResult(reason);
  }
}
