import type { LogRequest } from '../cluster-runtime.ts';
import type { DockerEngine } from './docker-engine.ts';

/**
 * Hands over what containers say, as `docker compose logs` has it, which goes on when one is started again. Needs no
 * Compose file: the containers know their project.
 * @param name of the project
 */
export async function showLogs(
  engine: DockerEngine,
  name: string,
  { ids, tail, follow, signal }: LogRequest,
  onLine: (id: string, line: string) => void,
): Promise<void> {
  const flags = ['--no-color', '--tail', String(tail), ...(follow ? ['--follow'] : [])];
  await engine.run(['compose', '--ansi', 'never', '--project-name', name, 'logs', ...flags, '--', ...ids], {
    signal,
    onLine: (line) => {
      // `agent1-docker-1  | text`; Compose 2.26 clears the line first, whatever --ansi says.
      const [, container, text] = /^(?:\u001b\[2K)?(\S+)\s+\| ?(.*)$/.exec(line) ?? [];
      if (container !== undefined) onLine(container.replace(/-\d+$/, ''), text ?? '');
    },
  });
}
