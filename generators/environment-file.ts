import type { Plan } from '../planning/plan/plan.ts';
import type { GeneratedFile } from './generated-file.ts';
import { headerComment } from './text/header-comment.ts';

/** Where a node's Engine listens, as seen on the node itself. */
function socketOf(docker: string | undefined): string {
  return docker?.startsWith('unix://') === true ? docker.slice('unix://'.length) : '/var/run/docker.sock';
}

/** What differs from one machine to the next. Not for git (see .gitignore): the Compose files work without it too. */
export function environmentFiles(plan: Plan): readonly GeneratedFile[] {
  if (plan.agentDocker !== 'socket') return [];
  // Compose reads .env beside the Compose file; only agents use the Engine of their machine.
  const places =
    plan.placement === 'one-host'
      ? [{ folder: '', docker: undefined }]
      : plan.nodes
          .filter(({ roles }) => roles.includes('mesos-agent'))
          .map(({ name, docker }) => ({ folder: `nodes/${name}/`, docker }));
  return places.map(({ folder, docker }) => ({
    path: `${folder}.env`,
    content: `${headerComment}# Where this machine's Docker Engine listens.\nDOCKER_SOCKET=${socketOf(docker)}\n`,
  }));
}
