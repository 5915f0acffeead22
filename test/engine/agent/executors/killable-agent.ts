import { onTestFinished } from 'vitest';
import type { AgentOptions } from '../../../../engine/agent/agent-options.ts';
import { endTasks, outlivingTasks } from '../../../../engine/agent/executors/outliving-executor.ts';
import { endOrphans } from '../../../../engine/agent/recovery/orphans.ts';
import { startAgent } from '../../../../engine/agent/start-agent.ts';
import { Part } from '../../../../engine/lives/part.ts';
import { processesOf, sandboxesOf } from '../../../../engine/lives/world-of-life.ts';
import type { SurvivingProcesses } from '../../../../platform/processes/surviving/surviving-process.ts';
import { world } from '../running-agent.ts';

/** How its commands and executors outlive it: in this process unless there are processes for that. */
interface Surviving {
  readonly recoveryTimeoutMs?: number | undefined;
  readonly survivors?: SurvivingProcesses | undefined;
}

/** An agent that can be stopped, killed and started again in its folder and at its address; in the end nothing of it is left. */
export async function startKillableAgent(options: AgentOptions, { recoveryTimeoutMs, survivors }: Surviving = {}) {
  const outliving = outlivingTasks(world.processes, world.sandboxes, recoveryTimeoutMs);
  const outlives = survivors === undefined ? { outliving } : { survivors };
  let url = '';
  const part = new Part({
    start: async (life) => {
      const ofLife = { processes: processesOf(life, world.processes), sandboxes: sandboxesOf(life, world.sandboxes) };
      const port = url === '' ? 0 : Number(new URL(url).port);
      const agent = await startAgent({ ...options, port }, { ...world, ...ofLife, ...outlives });
      ({ url } = agent);
      return agent;
    },
    log: () => undefined,
  });
  await part.start();
  onTestFinished(async () => {
    await part.stop();
    await endTasks(outliving);
    await endOrphans(options.workDir, world);
  });
  return { part, url: () => url, outliving };
}
