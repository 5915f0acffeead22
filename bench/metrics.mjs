import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { deployApps, inLab, labProcess, run, upOnFreePorts, urlsOf } from './embedded.mjs';
import { part, tell } from './measure.mjs';

/* What the exporter of metrics costs as a process of its own, and how long it takes to ask many agents. */

const scrapes = 30;
/** Prometheus asks it as often (generators/metrics/metrics-files.ts). */
const intervalMs = 10_000;
/** Processor time in /proc/PID/stat is in hundredths of a second. */
const tickMs = 10;

/** @param {string} program the built bundle */
export const metricsFigures = async (program) => [
  ...(await part('exporter of a ha lab', () => inLab(program, 'ha', (world) => ofHa(program, world), []))),
  ...(await part('exporter of 1,000 agents', () =>
    inLab(program, 'single', (world) => ofMany(program, world), ['--timing', 'fast']),
  )),
];

async function ofHa(program, world) {
  await upOnFreePorts(world);
  await run(world, deployApps);
  return withExporter(program, world, async ({ scrape, cpuMs }) => {
    await scrape();
    const before = cpuMs();
    for (let index = 0; index < scrapes; index += 1) await scrape();
    const each = (cpuMs() - before) / scrapes;
    tell(`exporter, ha: ${each.toFixed(1)} ms CPU each`);
    return [
      { name: 'ha: a scrape', value: each, unit: 'ms CPU' },
      { name: 'ha: a scrape each 10 s', value: (each / intervalMs) * 100, unit: '% CPU', target: 1 },
    ];
  });
}

async function ofMany(program, world) {
  await upOnFreePorts(world, ['--simulated-agents', '1000', '--timeout', '300']);
  return withExporter(program, world, async ({ scrape, cpuMs }) => {
    // The first one opens the connections.
    await scrape();
    const lab = labProcess(world);
    const before = [cpuMs(), cpuMsOf(lab)];
    const times = [];
    let text = '';
    for (let index = 0; index < 5; index += 1) {
      const began = performance.now();
      text = await scrape();
      times.push(performance.now() - began);
    }
    const [own, ofLab] = [cpuMs(), cpuMsOf(lab)].map((after, index) => (after - before[index]) / times.length);
    const up = text.match(/^mesos_agent_up\{.*\} 1$/gm)?.length ?? 0;
    const median = times.toSorted((one, other) => one - other)[2] ?? NaN;
    tell(`exporter: ${up} agents answer, ${times.map((each) => each.toFixed(0)).join(', ')} ms`);
    return [
      { name: '1,000 simulated agents: agents that answer', value: up, unit: '' },
      { name: '1,000 simulated agents: a scrape', value: median, unit: 'ms', target: 1000 },
      // Other work on the machine makes the time longer, and these hardly.
      { name: '1,000 simulated agents: a scrape, the exporter', value: own, unit: 'ms CPU' },
      { name: '1,000 simulated agents: a scrape, all that is asked', value: ofLab, unit: 'ms CPU' },
      { name: '1,000 simulated agents: its size', value: text.length / 1024 / 1024, unit: 'MB' },
    ];
  });
}

async function withExporter(program, world, use) {
  const { masters, marathons, loadBalancers } = urlsOf(world);
  const port = await freePort();
  const words = [
    ...['__component', 'mesos-metrics', '--listen', `127.0.0.1:${port}`, '--masters', masters.join(',')],
    ...['--marathons', marathons.join(','), '--load-balancers', loadBalancers.join(',')],
  ];
  const child = spawn(process.execPath, [program, ...words], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const scrape = async () => (await fetch(`${url}/metrics`)).text();
  const cpuMs = () => cpuMsOf(child.pid);
  try {
    while (!(await fetch(`${url}/-/healthy`).catch(() => undefined))) await new Promise((go) => setTimeout(go, 50));
    return await use({ scrape, cpuMs });
  } finally {
    child.kill('SIGKILL');
  }
}

function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
