import { basename, dirname } from 'node:path';
import type { DockerCall, DockerEngine } from '../docker-engine.ts';
import { labContainers, ofLab } from './lab-containers.ts';
import { roleLabel } from '../../../protocol/lab-labels.ts';

/** The folder on the Engine's machine that an agent shares with the containers of its tasks. */
export interface SharedFolder {
  readonly path: string;
  /** Image of the agent: it can remove what it has written. */
  readonly image: string;
}

/**
 * Where the agents of a lab keep their work on the machine itself: those that use the machine's Engine
 * (`agentDocker: socket`), because that Engine mounts their sandboxes by path. Named after the lab, as the plan does:
 * anything else is not ours.
 */
export async function sharedFolders(
  engine: DockerEngine,
  lab: string,
  call: DockerCall,
): Promise<readonly SharedFolder[]> {
  const agents = await labContainers(engine, [...ofLab(lab), `label=${roleLabel}=mesos-agent`], call);
  if (agents.length === 0) return [];
  const format = '{{range .Mounts}}{{if eq .Type "bind"}}{{.Source}}\t{{end}}{{end}}';
  const ids = agents.map(({ containerId }) => containerId);
  const lines = (await engine.ask(['inspect', '--format', format, ...ids], call)).split('\n');
  return agents.flatMap(({ image, id }, index) =>
    (lines[index] ?? '')
      .split('\t')
      .filter((path) => basename(path) === id && basename(dirname(path)) === lab)
      .map((path) => ({ path, image })),
  );
}

/**
 * Removes the containers of tasks of these agents: nobody has marked them as the lab's, but their sandbox is in a
 * folder of it (Mesos mounts it, and calls the container `mesos-ID`).
 */
export async function removeTasks(
  engine: DockerEngine,
  folders: readonly Pick<SharedFolder, 'path'>[],
  call: DockerCall,
): Promise<number> {
  if (folders.length === 0) return 0;
  const listed = await engine.ask(['ps', '--all', '--quiet', '--no-trunc', '--filter', 'name=^/?mesos-'], call);
  const ids = listed.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return 0;
  const format = '{{.Id}}\t{{range .Mounts}}{{.Source}}\t{{end}}';
  const inspected = await engine.run(['inspect', '--format', format, ...ids], call);
  const lines = inspected.kind === 'ended' ? inspected.stdout.split('\n') : [];
  const ours = lines.flatMap((line) => {
    const [id = '', ...sources] = line.split('\t');
    const isOurs = sources.some((source) => folders.some(({ path }) => source.startsWith(`${path}/`)));
    return isOurs ? [id] : [];
  });
  if (ours.length > 0) await engine.ask(['rm', '--force', '--volumes', ...ours], call);
  return ours.length;
}

/**
 * Removes the folders themselves, which belong to root: in a container, as they were made.
 * @returns those that are left
 */
export async function removeFolders(
  engine: DockerEngine,
  folders: readonly SharedFolder[],
  call: DockerCall,
): Promise<readonly string[]> {
  const left: string[] = [];
  // That of the lab, with those of its agents in it.
  const ofLabs = new Map(folders.map(({ path, image }) => [dirname(path), image]));
  for (const [path, image] of ofLabs) {
    const mount = ['--volume', `${dirname(path)}:/labs`];
    const run = ['run', '--rm', '--network', 'none', '--pull', 'never', '--user', '0', ...mount];
    const result = await engine.run([...run, '--entrypoint', 'rm', image, '-rf', `/labs/${basename(path)}`], call);
    if (result.kind !== 'ended' || result.exitCode !== 0) left.push(path);
  }
  return left;
}
