import { UserError } from '../../../errors/user-error.ts';
import { composeUp, type ComposeProject } from '../compose/compose-project.ts';
import { lastLines, type DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from '../lab/lab-containers.ts';

/**
 * Whether containers that do not run bear a network that is not there any more: `docker network prune` takes those of which
 * nothing runs. Neither Docker nor Compose starts such a container again ("network … not found"); one that is made anew in
 * its place has its volumes.
 */
export async function hasLostNetwork(
  engine: DockerEngine,
  containers: readonly Pick<LabContainer, 'containerId' | 'state'>[],
  signal: AbortSignal,
): Promise<boolean> {
  const ids = containers.filter(({ state }) => state !== 'running').map(({ containerId }) => containerId);
  if (ids.length === 0) return false;
  const format = '{{range .NetworkSettings.Networks}}{{.NetworkID}} {{end}}';
  const [borne, there] = await Promise.all([
    engine.ask(['inspect', '--format', format, ...ids], { signal }),
    engine.ask(['network', 'ls', '--quiet', '--no-trunc'], { signal }),
  ]);
  const known = new Set(words(there));
  // One that was never started has none yet.
  return words(borne).some((id) => !known.has(id));
}

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

const startMs = 180_000;

/** Makes containers anew, with the volumes that they have. @param services none: all */
export async function startAnew(
  project: ComposeProject,
  services: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const result = await composeUp({ ...project, isRenewed: true }, { signal, timeoutMs: startMs }, services);
  signal.throwIfAborted();
  if (result.kind === 'ended' && result.exitCode === 0) return;
  throw new UserError({
    code: 'COMMAND_FAILED',
    message: 'the network of the lab is gone, and Compose could not make its containers anew',
    ...(result.kind === 'ended' ? { found: lastLines(result.stderr, 5) } : {}),
    fix: 'create-mesos-cluster up tries it again, and says more; their volumes are kept until down',
  });
}
