import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { startMaster } from '../../engine/master/start-master.ts';

/*
 * A master of its own process, for bench/scale-master.mjs: says where it listens, and for each message since when it
 * was asked last how much processor time it took and for how long it answered nobody.
 */
const delays = monitorEventLoopDelay({ resolution: 1 });
const master = await startMaster(
  {
    ...{ host: '127.0.0.1', port: 0, hostname: '127.0.0.1', cluster: 'bench', quorum: 1, flags: {} },
    discovery: inMemoryDiscovery(),
  },
  { log: () => undefined },
);
let cpu = process.cpuUsage();
let at = performance.now();
delays.enable();
process.on('message', (message) => {
  // Looking for delays a thousand times a second is work, too.
  if (message === 'idle') delays.disable();
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - at,
    blockedMs: delays.max / 1e6,
    rssMb: process.memoryUsage.rss() / 1e6,
  });
  cpu = process.cpuUsage();
  at = performance.now();
  delays.reset();
});
process.on('disconnect', () => {
  void master.stop();
});
process.send?.({ url: master.url });
