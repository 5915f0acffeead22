import { listAt } from '../protocol/json.ts';

/** Executors that run, and those that have ended, of frameworks of both kinds. @param state an agent's `/state` */
export const executorsIn = (state: unknown): readonly unknown[] =>
  [...listAt(state, 'frameworks'), ...listAt(state, 'completed_frameworks')].flatMap((framework) => [
    ...listAt(framework, 'executors'),
    ...listAt(framework, 'completed_executors'),
  ]);
