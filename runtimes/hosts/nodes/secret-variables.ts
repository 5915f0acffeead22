import { readRegistryCredentials } from '../../../lab/registry-credentials.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { PlannedNode } from '../../../planning/plan/plan.ts';
import { registryCredentialsVariable } from '../../../protocol/registry-credentials.ts';

/**
 * What Compose puts into containers of a node that is in no file there: only the node of the registry gets its credentials.
 * @throws UserError REGISTRY_CREDENTIALS
 */
export function secretVariables(
  files: FileSystem,
  directory: string,
  { roles }: PlannedNode,
): Readonly<Record<string, string>> {
  if (!roles.includes('registry')) return {};
  const { user, password } = readRegistryCredentials(files, directory);
  return { [registryCredentialsVariable]: `${user}:${password}` };
}
