import { setTimeout as sleep } from 'node:timers/promises';
import type { LogRequest } from '../../cluster-runtime.ts';
import type { DockerEngine } from '../docker-engine.ts';
import { labContainers, ofLab } from './lab-containers.ts';

/** Between the end of all that is followed and the next look at it. */
const pauseMs = 500;

/**
 * Hands over what containers say, as `docker compose logs` has it. Needs no Compose file: the containers know their
 * project. What is followed goes on when it is started again; Compose ends when none of it runs for a moment.
 * @param name of the project
 */
export async function showLogs(
  engine: DockerEngine,
  name: string,
  { ids, tail, follow, signal }: LogRequest,
  onLine: (id: string, line: string) => void,
): Promise<void> {
  const show = (flags: readonly string[]) =>
    engine.run(['compose', '--ansi', 'never', '--project-name', name, 'logs', '--no-color', ...flags, '--', ...ids], {
      signal,
      onLine: (line) => {
        // `agent1-docker-1  | text`; Compose 2.26 clears the line first, whatever --ansi says.
        const [, container, text] = /^(?:\u001b\[2K)?(\S+)\s+\| ?(.*)$/.exec(line) ?? [];
        if (container !== undefined) onLine(container.replace(/-\d+$/, ''), text ?? '');
      },
    });
  const comesBack = async () => {
    const containers = await labContainers(engine, ofLab(name), { signal });
    return containers.some(({ id, state }) => ids.includes(id) && (state === 'running' || state === 'restarting'));
  };
  const more = follow ? ['--follow'] : [];
  await show(['--tail', String(tail), ...more]);
  for (let seen = new Date(); follow && !signal.aborted && (await comesBack().catch(() => false)); seen = new Date()) {
    await sleep(pauseMs);
    await show(['--since', seen.toISOString(), ...more]);
  }
}
