import type { Problem } from '../../errors/user-error.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { planCluster } from './plan-cluster.ts';
import type { Plan } from './plan.ts';
import { presets } from '../catalogue/presets.ts';
import type { Locate } from '../shape/spec-problem.ts';

/**
 * Nothing but a preset, and a name that is one: a test holds that every preset passes every check without a warning, so
 * a start without further wishes need not load the checks.
 */
function isPlainPreset({ name, preset = 'single', ...wishes }: ClusterSpec): boolean {
  const isLabel = /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name);
  return isLabel && Object.hasOwn(presets, preset) && Object.keys(wishes).length === 0;
}

/**
 * Checks a spec and plans it.
 *
 * @param locate says where each part of the spec stands, for the messages
 * @param known problems that were found before: with any, nothing is planned
 * @throws UserError with every problem at once; nothing was planned then
 */
export async function preparePlan(
  spec: ClusterSpec,
  locate: Locate,
  known: readonly Problem[] = [],
): Promise<{ readonly plan: Plan; readonly warnings: readonly Problem[] }> {
  if (known.length === 0 && isPlainPreset(spec)) return { plan: planCluster(spec), warnings: [] };
  return (await import('./checked-plan.ts')).checkedPlan(spec, locate, known);
}
