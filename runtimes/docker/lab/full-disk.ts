import type { Problem } from '../../../errors/user-error.ts';
import type { FreeSpace } from '../../../platform/files/free-space.ts';
import { diskFull, isFull } from '../../full-disk.ts';
import type { DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from './lab-containers.ts';

const lookMs = 5000;
const fix = 'docker system df shows what fills it, docker system prune makes room; then verify again';

/** They write nothing, and those of the add-on metrics see all file systems of the machine, of which some are always full. */
const onlyLook: ReadonlySet<string> = new Set(['marathon-lb', 'node-exporter', 'cadvisor']);

/** What the system mounts into every container is not on a disk. */
const pseudo = /^\/(?:dev|proc|run|sys)(?:\/|$)/;

/**
 * The first disk that is full of those that containers of a lab write to: as they see it themselves, wherever their
 * Engine is; and where none of them runs any more, as this machine sees the Engine's folder.
 */
export async function fullDiskOf(
  engine: DockerEngine,
  containers: readonly LabContainer[],
  { freeSpace, signal }: { readonly freeSpace: FreeSpace; readonly signal: AbortSignal },
): Promise<Problem | undefined> {
  const running = containers.filter(({ state, role }) => state === 'running' && !onlyLook.has(role));
  const looks = await Promise.all(
    running.map(async ({ containerId, id }) => {
      const result = await engine.run(['exec', containerId, 'df', '-Pk'], { signal, timeoutMs: lookMs });
      const place = result.kind === 'ended' ? fullPlace(result.stdout) : undefined;
      return place === undefined ? [] : [`of Docker, as ${id} sees it (${place}),`];
    }),
  );
  signal.throwIfAborted();
  const [where] = looks.flat();
  if (where !== undefined) return diskFull(where, fix);
  const root = await engine.run(['info', '--format', '{{.DockerRootDir}}'], { signal, timeoutMs: lookMs });
  const folder = root.kind === 'ended' && root.exitCode === 0 ? root.stdout.trim() : '';
  const full = folder === '' ? undefined : [folder, `${folder}/volumes`].find((each) => isFull(freeSpace(each)));
  return full === undefined ? undefined : diskFull(`of Docker (${full})`, fix);
}

/** Where a disk is mounted that `df -Pk` of POSIX shows as full. */
function fullPlace(table: string): string | undefined {
  return table
    .split('\n')
    .slice(1)
    .map((line) => /^.*\s(\d+)\s+\d+\s+(-?\d+)\s+\d+%\s+(\/.*)$/.exec(line))
    .find((row) => {
      const [, blocks = '0', available = '0', place = ''] = row ?? [];
      return row !== null && blocks !== '0' && !pseudo.test(place) && isFull(Number(available) * 1024);
    })?.[3];
}
