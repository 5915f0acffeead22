import type { Plan } from '../../../planning/plan/plan.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Reporter } from '../../reporter.ts';
import type { DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from '../lab/lab-containers.ts';
import { agentsOf } from './renew-agents.ts';

/** Its tasks have five seconds to end (executor_shutdown_grace_period), and Mesos then is gone at once. */
const retireMs = 10_000;

/** Containers of agents that run, and that a lab's new plan has no more. */
export function agentsThatGo(before: Plan, after: Plan, containers: readonly LabContainer[]): readonly LabContainer[] {
  const staying = new Set(agentsOf(after).map(({ service }) => service));
  const going = new Set(
    agentsOf(before)
      .map(({ service }) => service)
      .filter((service) => !staying.has(service)),
  );
  return containers.filter(({ id, state }) => going.has(id) && state === 'running');
}

/**
 * Lets agents unregister before their containers are removed, so that their tasks are started elsewhere at once and not
 * when the master misses them, 75 s later: on SIGUSR1 Mesos's agent ends its tasks, tells the master and exits
 * (src/slave/slave.cpp, Slave::signaled). One that does not heed it is removed all the same.
 * @param agents containers that run
 */
export async function retireAgents(
  engine: DockerEngine,
  agents: readonly LabContainer[],
  { clock, tell }: { readonly clock: Pick<Clock, 'now'>; readonly tell: Reporter },
): Promise<void> {
  if (agents.length === 0) return;
  const ids = agents.map(({ containerId }) => containerId);
  const title = `Unregistering ${agents.map(({ id }) => id).join(', ')}`;
  const ends = await tell.step({ title, deadlineMs: retireMs }, async () => {
    const until = clock.now() + retireMs;
    const run = (...words: readonly string[]) =>
      engine.run([...words, ...ids], { timeoutMs: Math.max(1, until - clock.now()) });
    // Whoever ends by itself is started again by its restart policy.
    await run('update', '--restart', 'no');
    await run('kill', '--signal', 'SIGUSR1');
    return run('wait');
  });
  if (ends.kind === 'ended' && ends.exitCode === 0) return;
  tell.note('Not every agent has unregistered: the tasks of those start elsewhere when Mesos misses them');
}
