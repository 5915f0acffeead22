import { ensureRegistryCredentials } from '../../lab/registry-credentials.ts';
import type { Context } from '../../platform/context.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { registryCredentialsPath } from '../../protocol/registry-credentials.ts';
import type { ClusterRuntime } from '../../runtimes/cluster-runtime.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

/** Of an UpTask. */
export interface SecretsTask {
  readonly context: Pick<Context, 'files'>;
  readonly directory: string;
  readonly reporter: Pick<StepReporter, 'note'>;
  readonly runtime: Pick<ClusterRuntime, 'name'>;
  readonly plan: Pick<Plan, 'addons'>;
}

/**
 * Makes what a lab needs and git ignores, where it is missing: in a clone of a lab, or of an add-on that a flag asks for.
 * @throws UserError REGISTRY_CREDENTIALS where what is there is not what it should be
 */
export function makeSecrets({ context, directory, reporter, runtime, plan }: SecretsTask): void {
  // Without Docker there is no registry.
  if (!plan.addons.includes('registry') || runtime.name === 'embedded') return;
  if (!ensureRegistryCredentials(context.files, directory)) return;
  reporter.note(`Made ${registryCredentialsPath} with a random password: who may push to the registry`);
}
