import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { preparePlan } from '../../../planning/plan/prepare-plan.ts';

/** The plan of a spec that is right. */
export async function planOf(spec: Omit<ClusterSpec, 'name'>): Promise<Plan> {
  const locate = () => ({ kind: 'path', path: 'spec' }) as const;
  return (await preparePlan({ name: 'lab', ...spec }, locate)).plan;
}
