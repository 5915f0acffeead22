import { fixedLeader } from '../../engine/discovery/in-memory-discovery.ts';
import { startSimulatedAgents } from '../../engine/simulation/start-simulated-agents.ts';

/*
 * Simulated agents in a process of their own, for bench/scale-master.mjs: node agents-process.mjs URL COUNT. Says for
 * each message since when it was asked last how much processor time it took.
 */
const [url = '', count = '0'] = process.argv.slice(2);
const never = { fromMs: 0, toMs: 0 };
const agents = await startSimulatedAgents(
  {
    count: Number(count),
    resources: 'cpus:16;mem:65536;disk:100000;ports:[31000-32000]',
    ...{ attributes: '', racks: 40, zones: 4, host: '127.0.0.1', port: 0, version: '1.12.0' },
    tasks: { startDelay: never, crashRate: 0, crashAfter: never },
    masters: fixedLeader({ id: 'master', url, hostname: '127.0.0.1' }),
    registrationBackoffMs: 50,
  },
  { log: () => undefined, random: Math.random },
);
let cpu = process.cpuUsage();
process.on('message', () => {
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1e6 });
  cpu = process.cpuUsage();
});
process.on('disconnect', () => {
  void agents.stop();
});
process.send?.({ url: agents.url });
