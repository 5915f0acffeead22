import { brokenRollout, crashLoop } from './catalogue/apps.ts';
import { drainAgent } from './catalogue/maintenance.ts';
import { killAgent, killMachine, partitionAgent } from './catalogue/lost-agents.ts';
import { killMaster, loseQuorum } from './catalogue/masters.ts';
import { killLoadBalancer, killMarathon } from './catalogue/services.ts';
import { slowAgent, stopAgent } from './catalogue/returning-agents.ts';
import { fillSandbox } from './catalogue/sandbox.ts';
import { killTask } from './catalogue/tasks.ts';
import { killZookeeper, loseZookeeper } from './catalogue/zookeepers.ts';
import type { Drill } from './drill.ts';

/** Every drill, in the order of the list: from what harms least. */
export const drills: readonly Drill[] = [
  killTask,
  crashLoop,
  brokenRollout,
  fillSandbox,
  drainAgent,
  stopAgent,
  slowAgent,
  killAgent,
  killMachine,
  partitionAgent,
  killMaster,
  loseQuorum,
  killZookeeper,
  loseZookeeper,
  killMarathon,
  killLoadBalancer,
];
