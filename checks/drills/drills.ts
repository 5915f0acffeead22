import { killAgent, killMachine, partitionAgent, slowAgent, stopAgent } from './catalogue/agents.ts';
import { killMaster, loseQuorum } from './catalogue/masters.ts';
import { killLoadBalancer, killMarathon } from './catalogue/services.ts';
import { killTask } from './catalogue/tasks.ts';
import type { Drill } from './drill.ts';

/** Every drill, in the order of the list: from what harms least. */
export const drills: readonly Drill[] = [
  killTask,
  stopAgent,
  slowAgent,
  killAgent,
  killMachine,
  partitionAgent,
  killMaster,
  loseQuorum,
  killMarathon,
  killLoadBalancer,
];
