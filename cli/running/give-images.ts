import { isUserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { streamingCommands } from '../../platform/processes/streaming-commands.ts';
import { seedAgents } from '../../runtimes/docker/agents/seed-agents.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { verifyImages } from '../apps/app-images.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

/**
 * Gives the agents' own Engines what verify's apps run in, where this machine has it: then the first app needs no
 * network, and no agent pulls what was pulled already. That it fails is no reason to end a lab: the agents pull.
 */
export async function giveImages(context: Context, reporter: StepReporter, plan: Plan): Promise<void> {
  if (plan.agentDocker !== 'dind') return;
  const { runCommand, signal, cwd } = context;
  const step = reporter.begin({ title: 'Giving the agents what the example apps run in' });
  try {
    const world = { runCommand, streams: streamingCommands, cwd, signal };
    const images = verifyImages(plan);
    const { copied, engines } = await seedAgents(world, { project: plan.name, images, onProgress: step.see });
    if (copied.length === 0) step.leave();
    else step.end('done', `${copied.join(', ')} to ${engines.join(', ')}`);
  } catch (error) {
    step.end('failed');
    if (!isUserError(error) || signal.aborted) throw error;
    reporter.warn(`${error.problems[0].message}: the agents have to pull it`);
  }
}
