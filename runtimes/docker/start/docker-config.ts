import { UserError } from '../../../errors/user-error.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { parseObject } from '../../../protocol/json.ts';

/** Of credentials: a file that is longer is something else. */
const largestBytes = 1024 * 1024;

/**
 * Looks at the file with credentials of private registries before agents are given it: with one that they cannot read
 * they would not start. What only the Engine may read is left to it.
 * @param directory of the lab, absolute
 * @throws UserError DOCKER_CONFIG where it is not there, or no JSON object
 */
export function refuseBadDockerConfig(
  files: FileSystem,
  directory: string,
  { agentDockerConfig }: Pick<Plan, 'agentDockerConfig'>,
): void {
  if (agentDockerConfig === undefined) return;
  const { path } = agentDockerConfig;
  const file = path.startsWith('/') ? path : `${directory}/${path}`;
  const fault = faultOf(files, file);
  if (fault === undefined) return;
  throw new UserError({
    code: 'DOCKER_CONFIG',
    message: `The file with the credentials of private registries (mesos.agent.dockerConfig) ${fault}; nothing was started`,
    place: { kind: 'path', path: file },
    allowed: 'JSON as in ~/.docker/config.json: {"auths": {"HOST:PORT": {"auth": "BASE64 OF USER:PASSWORD"}}}',
    fix: 'write that file: DOCKER_CONFIG=$PWD/login docker login HOST:PORT makes a config.json in the folder login; or remove the key',
  });
}

function faultOf(files: FileSystem, file: string): string | undefined {
  try {
    if (files.kindOf(file) === undefined) return 'is missing';
    if (files.sizeOf(file) > largestBytes) return `has more than ${largestBytes} bytes`;
    return parseObject(files.readText(file)) === undefined ? 'is no JSON object' : undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    return code === 'EISDIR' ? 'is a folder' : 'cannot be read';
  }
}
