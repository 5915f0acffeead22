import type { ClusterSpec } from '../../../spec/cluster-spec.ts';
import type { Plan } from '../../../spec/plan.ts';
import { preparePlan } from '../../../spec/prepare-plan.ts';

/** The plan of a spec that is right. */
export async function planOf(spec: Omit<ClusterSpec, 'name'>): Promise<Plan> {
  const locate = () => ({ kind: 'path', path: 'spec' }) as const;
  return (await preparePlan({ name: 'lab', ...spec }, locate)).plan;
}
