import { randomUUID } from 'node:crypto';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { endOrphansOf, type OrphanWorld } from './orphans.ts';

/** Of an executor that shuts down by itself (executor_shutdown_grace_period less the executor's own second). */
export const shutdownGraceMs = 4000;

const tokenFile = (workDir: string) => `${workDir}/meta/recovery_token`;

/** To be called by an agent that has started; whoever has the token of the agent before it is late. */
export async function newRecoveryToken(workDir: string, sandboxes: Pick<Sandboxes, 'writeRecord'>): Promise<string> {
  const token = randomUUID();
  await sandboxes.writeRecord(tokenFile(workDir), token);
  return token;
}

/**
 * Ends what outlived its agent when none came after it within `recovery_timeout`, as executors of Mesos end by themselves
 * (docs/agent-recovery.md). Containers by themselves have none, and stay.
 * @returns of how many tasks there were processes
 */
export async function endUnrecovered(workDir: string, token: string, world: OrphanWorld): Promise<number> {
  if ((await world.sandboxes.readRecord(tokenFile(workDir))) !== token) return 0;
  const isKept = ({ directory }: { readonly directory: string }) => directory.startsWith(`${workDir}/containers/`);
  return endOrphansOf([workDir], world, isKept, shutdownGraceMs);
}
