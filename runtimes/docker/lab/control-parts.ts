import { UserError } from '../../../errors/user-error.ts';
import type { LabContainer } from './lab-containers.ts';

/**
 * The containers that names stand for: a service; or a node, which for the name of an agent is its whole pod. All
 * without a name.
 * @throws UserError USAGE_UNKNOWN_NAME
 */
export function partsNamed(containers: readonly LabContainer[], names: readonly string[]): readonly LabContainer[] {
  if (names.length === 0) return containers;
  return names.flatMap((name) => {
    const ofNode = containers.filter(({ node }) => node === name);
    const found = ofNode.length > 0 ? ofNode : containers.filter(({ id }) => id === name);
    if (found.length > 0) return found;
    throw new UserError({
      code: 'USAGE_UNKNOWN_NAME',
      message: `the lab has no node or container called ${name}`,
      found: name,
      allowed: [...new Set(containers.flatMap(({ node, id }) => [node, id]))].join(', '),
    });
  });
}
