import { UserError, type Problem } from '../../../errors/user-error.ts';
import type { PlannedNode } from '../../../planning/plan/plan.ts';
import type { DockerEngine } from '../../docker/docker-engine.ts';
import { warmEngines } from '../../docker/images/warm-engines.ts';
import type { ImagesRequest, WarmedImage } from '../../images-facet.ts';

/** A node, and its Engine, or why that does not answer. */
export interface WarmNode {
  readonly node: PlannedNode;
  readonly engine: DockerEngine | Problem;
}

/**
 * Lets the Engines of nodes with agents pull images, at the same time.
 * @throws UserError when none of them answers; the signal's reason
 */
export async function warmNodes(
  nodes: readonly WarmNode[],
  images: readonly string[],
  told: Pick<ImagesRequest, 'tell' | 'signal'>,
): Promise<readonly WarmedImage[]> {
  const ofAgents = nodes.filter(({ node }) => node.components.some(({ role }) => role === 'mesos-agent'));
  const silent = ofAgents.flatMap(({ node, engine }) => ('code' in engine ? [{ node, problem: engine }] : []));
  const engines = ofAgents.flatMap(({ node, engine }) =>
    'code' in engine ? [] : [{ name: node.name, run: engine.run }],
  );
  const [first, ...more] = silent.map(({ problem }) => problem);
  if (first !== undefined && engines.length === 0) throw new UserError(first, ...more);
  const warmed = await warmEngines(engines, images, told);
  const failed = silent.flatMap(({ node, problem: { message, found = '', fix = '' } }) =>
    images.map((image): WarmedImage => {
      const failure = { words: found, cause: message, fix };
      return { engine: node.name, image, outcome: 'failed', failure };
    }),
  );
  return [...warmed, ...failed];
}
