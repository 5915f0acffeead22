import { cpus, freemem, loadavg, totalmem } from 'node:os';

/** The machine, as `/metrics/snapshot` of Mesos has it (3rdparty/libprocess/include/process/system.hpp). */
export function machineMetrics(): Readonly<Record<string, number>> {
  const [short = 0, middle = 0, long = 0] = loadavg();
  return {
    'system/cpus_total': cpus().length,
    'system/load_15min': long,
    'system/load_1min': short,
    'system/load_5min': middle,
    'system/mem_free_bytes': freemem(),
    'system/mem_total_bytes': totalmem(),
  };
}
