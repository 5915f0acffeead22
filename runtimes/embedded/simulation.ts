import { UserError } from '../../errors/user-error.ts';
import type { MemoryFree } from '../../platform/memory-free.ts';
import type { PlannedSimulation } from '../../planning/plan/plan.ts';

/**
 * Of master, Marathon and simulation together. `npm run bench -- --only scale`: a lab of 10,000 agents takes 200 MB more
 * than one without; master and simulation take 15 kB more for each of 100,000 tasks, to which Marathon's instance comes.
 */
const bytesPerAgent = 20_000;
const bytesPerTask = 20_000;
/** A cluster that is of use has some tasks on each agent. */
const tasksPerAgent = 2;
/** The process without any. */
const bytesOfProcess = 80_000_000;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** Rejects with UserError MACHINE_MEMORY for more simulated agents than there is memory for, with the estimate */
export function refuseTooMany(simulation: PlannedSimulation | undefined, memory: () => MemoryFree): Promise<void> {
  if (simulation === undefined) return Promise.resolve();
  const limits = memory();
  const { count } = simulation;
  const perAgent = bytesPerAgent + tasksPerAgent * bytesPerTask;
  const needed = bytesOfProcess + count * perAgent;
  const most = Math.min(limits.availableBytes, limits.heapBytes);
  if (needed <= most) return Promise.resolve();
  const fits = Math.max(0, Math.floor((most - bytesOfProcess) / perAgent));
  const limit = limits.heapBytes < limits.availableBytes ? 'a Node.js process may use here' : 'this machine has free';
  const refusal = new UserError({
    code: 'MACHINE_MEMORY',
    message: `${count} simulated agents with ${tasksPerAgent} tasks each need about ${gigabytes(needed)}, more than ${limit}`,
    place: { kind: 'flag', flag: '--simulated-agents' },
    found: `${gigabytes(most)}; an agent takes about ${bytesPerAgent / 1000} kB, and a task as much`,
    allowed: `about ${fits} simulated agents`,
    fix: `--simulated-agents ${fits}, or as many in mesos-cluster.yaml${limits.heapBytes < limits.availableBytes ? '; or NODE_OPTIONS=--max-old-space-size=MB with more' : ''}`,
  });
  return Promise.reject(refusal);
}

/** What is not as it seems, before somebody wonders. */
export const simulationWarning = ({ count }: PlannedSimulation): string =>
  `${count} agents are simulated: nothing runs there and no port answers, health checks pass; the constraint ["simulated","UNLIKE","true"] keeps an app off them`;
