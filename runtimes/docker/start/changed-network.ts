import type { Clock } from '../../../platform/clock.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { StartOptions } from '../../cluster-runtime.ts';
import type { DockerEngine } from '../docker-engine.ts';
import { removeForNewNetwork } from '../lab/remove-lab.ts';

const networkOf = ({ network }: Plan) => JSON.stringify([network?.name, network?.addresses?.subnet]);

/**
 * Removes what is in the lab's network, and the network, where the plan has another one: Compose 2.26 leaves one that is
 * there as it is, whatever the file says of it now.
 * @param before of what there is
 */
export async function leaveNetwork(
  engine: DockerEngine,
  clock: Clock,
  before: Plan,
  { plan, tell }: Pick<StartOptions, 'plan' | 'tell'>,
): Promise<void> {
  if (networkOf(before) === networkOf(plan)) return;
  tell.note(
    'The network of the lab becomes another one: its containers are made anew, and have the volumes that they had',
  );
  await removeForNewNetwork(engine, plan.name, clock);
}
