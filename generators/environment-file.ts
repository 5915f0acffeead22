import type { Plan } from '../spec/plan.ts';
import type { GeneratedFile } from './generated-file.ts';
import { headerComment } from './header-comment.ts';

/** Where a node's Engine listens, as seen on the node itself. */
function socketOf(docker: string | undefined): string {
  return docker?.startsWith('unix://') === true ? docker.slice('unix://'.length) : '/var/run/docker.sock';
}

function environmentText(plan: Plan, docker: string | undefined): string {
  const socket =
    plan.agentDocker === 'socket'
      ? `# Where this machine's Docker Engine listens.\nDOCKER_SOCKET=${socketOf(docker)}\n`
      : '';
  const profiles =
    plan.addons.length > 0
      ? `# Add-ons that start with the cluster on this machine; take one out to leave it off.\nCOMPOSE_PROFILES=${plan.addons.join(',')}\n`
      : '';
  return socket + profiles;
}

/** What differs from one machine to the next. Not for git (see .gitignore): the Compose files work without it too. */
export function environmentFiles(plan: Plan): readonly GeneratedFile[] {
  // Compose reads .env beside the Compose file.
  const places =
    plan.runtime === 'docker'
      ? [{ folder: '', docker: undefined }]
      : plan.nodes.map(({ name, docker }) => ({ folder: `nodes/${name}/`, docker }));
  return places.flatMap(({ folder, docker }) => {
    const text = environmentText(plan, docker);
    return text === '' ? [] : [{ path: `${folder}.env`, content: headerComment + text }];
  });
}
