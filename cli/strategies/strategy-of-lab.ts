import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { defaultTimeoutMs, timeoutMs, type RunningMarathon } from '../apps/running-marathon.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { StrategyWorld } from './strategy-world.ts';

/** The world of a strategy in a lab that runs. */
export const strategyWorld = (
  { signal }: Context,
  line: CommandLine,
  { marathon, cluster, reporter }: RunningMarathon,
): StrategyWorld => ({
  marathon,
  cluster,
  reporter,
  clock: systemClock,
  signal,
  deadlineMs: timeoutMs(line, defaultTimeoutMs),
  isForced: isOn(line, 'force'),
});
