import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { openedUrls, simulatedIn } from '../running/print-running.ts';
import type { LabStatus } from './lab-status.ts';

/** A status for programs. @param unknown as in statusText */
export function statusData(lab: RunningLab, status: LabStatus, unknown: readonly string[]): object {
  const { plan, runtime, processId, page, movedFrom, machines = [] } = lab;
  const urls = openedUrls(plan);
  if (runtime === 'adopted') {
    const { components, apps, tasks } = status;
    const running = components.some(({ role, ok }) => role === 'mesos-master' && ok);
    return { running, name: plan.name, adopted: true, urls, components, unknownAgents: unknown, apps, tasks };
  }
  const running = lab.parts.some(({ state }) => state === 'running');
  return {
    ...{ running, name: plan.name, runtime, processId, page, movedFrom, urls },
    ...simulatedIn(plan),
    ...(machines.length === 0 ? {} : { machines }),
    ...status,
  };
}
