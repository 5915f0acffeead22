import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The bundle that the global set-up of these tests has built. */
export const program = fileURLToPath(new URL('../../dist/create-mesos-cluster.cjs', import.meta.url));

/** How a run of the built program ended. */
export interface BuiltRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program without a terminal. */
export function runBuilt(cwd: string, argv: readonly string[], input: string | Uint8Array = ''): BuiltRun {
  return spawnSync(process.execPath, [program, ...argv], { cwd, input, encoding: 'utf8', timeout: 30_000 });
}
