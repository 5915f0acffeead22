import { isUserError } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { verifyImages } from '../apps/app-images.ts';
import type { Context } from '../../platform/context.ts';
import type { ClusterRuntime } from '../../runtimes/cluster-runtime.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

interface LoadTask {
  readonly context: Context;
  /** Absolute. */
  readonly directory: string;
  readonly reporter: StepReporter;
  readonly runtime: ClusterRuntime;
}

/**
 * Loads into the agents' own Engines what verify's apps run in, where this machine has it: then the first app needs no
 * network, and no agent pulls what was pulled already. That it fails is no reason to end a lab: the agents pull.
 */
export async function loadAppImages(task: LoadTask, plan: Plan): Promise<void> {
  const { context, directory, reporter, runtime } = task;
  const { signal } = context;
  if (runtime.images?.loadIntoAgents === undefined || plan.agentDocker !== 'dind') return;
  const step = reporter.begin({ title: 'Giving the agents what the example apps run in' });
  try {
    const request = { plan, directory, signal };
    const { copied, engines } = await runtime.images.loadIntoAgents(request, verifyImages(plan), step.see);
    if (copied.length === 0) step.leave();
    else step.end('done', `${copied.join(', ')} to ${engines.join(', ')}`);
  } catch (error) {
    step.end('failed');
    if (!isUserError(error) || signal.aborted) throw error;
    reporter.warn(`${error.problems[0].message}: the agents have to pull it`);
  }
}
