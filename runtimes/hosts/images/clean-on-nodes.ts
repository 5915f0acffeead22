import { UserError } from '../../../errors/user-error.ts';
import { cleanRegistry } from '../../docker/registry/clean-registry.ts';
import { registryStore } from '../../docker/registry/registry-store.ts';
import type { CleanedRegistry, ImagesRequest } from '../../images-facet.ts';
import type { NodeParts } from '../nodes/node-parts.ts';
import { atNode } from '../nodes/node-error.ts';

/**
 * `images clean` on whichever machine the registry is.
 * @param nodes those that answer
 * @throws UserError MACHINE_NODE_UNREACHABLE when that machine does not; as cleanRegistry, with the node
 */
export async function cleanOnNodes(
  nodes: readonly NodeParts[],
  { plan, ...told }: Pick<ImagesRequest, 'plan' | 'tell' | 'signal'>,
): Promise<CleanedRegistry> {
  const home = plan.nodes.find(({ components }) => components.some(({ role }) => role === 'registry'));
  const reached = nodes.find(({ name }) => name === home?.name);
  if (reached === undefined) {
    const name = home?.name ?? '';
    throw new UserError({
      code: 'MACHINE_NODE_UNREACHABLE',
      message: `${name}, which has the registry, does not answer; nothing was done`,
      fix: `npm run status says of each machine why it does not answer; create-mesos-cluster ssh ${name} logs in there`,
    });
  }
  try {
    return await cleanRegistry(registryStore(reached.engine, reached.containers, plan), told);
  } catch (error) {
    throw atNode(reached.name, error);
  }
}
