import { autoscaler } from './autoscaler.ts';
import { chronos } from './chronos/chronos.ts';
import { marathonLb } from './marathon-lb.ts';
import { marathon } from './marathon.ts';
import { mesosAgent } from './mesos-agent.ts';
import { mesosDns } from './mesos-dns/mesos-dns.ts';
import { mesosMaster } from './mesos-master.ts';
import { mesosMetrics } from './mesos-metrics.ts';
import type { Program } from './program.ts';
import { registryGate } from './registry-gate.ts';

/** The programs of the lite image, by the names of their commands. */
export const programs: ReadonlyMap<string, Program> = new Map([
  ['mesos-master', mesosMaster],
  ['mesos-agent', mesosAgent],
  ['marathon', marathon],
  ['marathon-lb', marathonLb],
  ['chronos', chronos],
  ['mesos-dns', mesosDns],
  ['mesos-metrics', mesosMetrics],
  ['autoscaler', autoscaler],
  ['registry-gate', registryGate],
]);
