import { placementOfRuntime } from '../shape/old-names.ts';
import { warning, type Rule } from './rule.ts';

/** Keys that have another name now: they are read, and the new one is named. */
export const checkOldNames: Rule = ({ runtime, placement }) => {
  if (runtime === undefined) return [];
  const now = `placement: ${placementOfRuntime[runtime]}`;
  return [
    warning('SPEC_COMBINATION', ['runtime'], 'runtime is called placement now: where the nodes are', {
      at: 'key',
      found: `runtime: ${runtime}`,
      allowed: now,
      fix:
        placement === undefined
          ? `create-mesos-cluster generate writes ${now} instead`
          : `Remove it: placement: ${placement} holds; create-mesos-cluster generate does that`,
    }),
  ];
};
