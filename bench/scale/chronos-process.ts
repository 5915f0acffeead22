import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDefaults } from '../../engine/chronos/chronos-options.ts';
import { readJob } from '../../engine/chronos/jobs/read-job.ts';
import { startChronos } from '../../engine/chronos/start-chronos.ts';
import { fixedLeader, inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import { frameworkStore } from '../../runtimes/embedded/framework-store.ts';

/*
 * One measurement of the engine's Chronos, in a process of its own, with JOBS jobs of which DUE are due each second, for
 * SECONDS seconds, on a master in another process: prints as JSON how late jobs were started and how much of a core it took.
 */

const [jobs = 10_000, due = 100, seconds = 20] = process.argv.slice(2).map(Number);
const period = jobs / due;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), 'bench-chronos-'));
const master = fork('bench/scale/chronos-master.mjs', ['10', String(period)]);
const [url] = (await once(master, 'message')) as [string];
const options = {
  ...{ host: '127.0.0.1', port: 0, hostname: '127.0.0.1' },
  ...{ masters: fixedLeader({ id: 'm', url, hostname: '127.0.0.1' }), election: inMemoryDiscovery() },
};
const now = Date.now();
/** The next time at which a job is due: the second is its number's, of every period since 1970. */
const firstOf = (index: number) => {
  const at = Math.floor(now / (period * 1000)) * period * 1000 + (index % period) * 1000;
  return new Date(at > now ? at : at + period * 1000).toISOString();
};
const records = Array.from({ length: jobs }, (_, index) => {
  const job = { name: `job${index}`, command: 'true', schedule: `R/${firstOf(index)}/PT${period}S` };
  return [`job:${job.name}`, { job: readJob(job, withDefaults(options), now) }];
});
const store = frameworkStore(join(folder, 'chronos.json'), nodeSandboxes);
const first = store();
await first.load();
await first.append(JSON.stringify(Object.fromEntries(records)));
const chronos = await startChronos(options, { store: store(), log: () => undefined });
// Until it has loaded all of them, and is warm.
await sleep(5000);
master.send('begin');
const before = process.cpuUsage();
const began = performance.now();
await sleep(seconds * 1000);
const cpu = process.cpuUsage(before);
const tookMs = performance.now() - began;
master.send('tell');
const [lateness] = (await once(master, 'message')) as [number[]];
const sorted = lateness.sort((one, other) => one - other);
const figures = {
  started: sorted.length,
  medianLateMs: sorted[Math.floor(sorted.length / 2)],
  mostLateMs: sorted.at(-1),
  coreShare: (cpu.user + cpu.system) / 1000 / tookMs,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
await chronos.stop();
master.disconnect();
rmSync(folder, { recursive: true, force: true });
