import { terminalStates } from '../../protocol/mesos.ts';

const ended: ReadonlySet<string> = terminalStates;

/** It runs no more, and never will. */
export const hasEnded = ({ state }: { readonly state: string }): boolean => ended.has(state);

/** From what begins to what is over: the order in which people think of them. */
export const taskStates: readonly string[] = [
  ...['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_UNREACHABLE'],
  ...ended,
];
