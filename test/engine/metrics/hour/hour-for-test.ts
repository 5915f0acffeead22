import { HourRing } from '../../../../engine/metrics/hour/hour-ring.ts';
import type { Labels, Measure } from '../../../../protocol/exposition.ts';

export const start = Date.UTC(2026, 0, 1, 10);
export const everyMs = 10_000;

/** Values as the exporter has them: names that end with `_total` are counters. */
export const measure = (name: string, value: number, labels: Labels = {}): Measure => ({
  family: { name, kind: name.endsWith('_total') ? 'counter' : 'gauge', help: '' },
  labels,
  value,
});

export const ofApp = (app: string, instances: number) => measure('marathon_app_instances', instances, { app });

export const ofAgent = (agent: string, share: number) => [
  measure('mesos_agent_up', 1, { agent }),
  measure('mesos_agent_cpus_used_ratio', share, { agent }),
];

export const ofMaster = (master: string, isLeader: boolean) => [
  measure('mesos_master_up', 1, { master }),
  measure('mesos_master_elected', isLeader ? 1 : 0, { master }),
];

/** A ring, and a clock that goes on by ten seconds with each sample. */
export function ringForTest() {
  const ring = new HourRing();
  let at = start - everyMs;
  const none = new Map<string, readonly string[]>();
  return {
    ring,
    now: () => at,
    wait: (ms: number) => void (at += ms),
    record: (measures: readonly Measure[], served: ReadonlyMap<string, readonly string[]> = none) => {
      at += everyMs;
      ring.record({ measures, served, at });
    },
    app: (id: string) => ring.figuresOf('app', id, at),
    agent: (name: string) => ring.figuresOf('agent', name, at),
    cluster: () => ring.figuresOf('cluster', '', at),
  };
}
