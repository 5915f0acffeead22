import { readFileSync } from 'node:fs';
import { inLab, labProcess, residentMb, upOnFreePorts, urlsOf } from './embedded.mjs';
import { tell } from './measure.mjs';
import { timeGet } from './scale/master-clients.mjs';

const idleMs = 20_000;
/** Processor time in /proc/PID/stat is in hundredths of a second. */
const tickMs = 10;
/** A launch is looked at for so long at most. */
const launchMs = 60_000;

/**
 * Labs of simulated agents, with the built program: all of it is one process, Marathon and master included (Linux).
 * @param {number} mostGrowth what ten times as much may take, in times
 */
export async function simulatedFigures(program, mostGrowth) {
  const few = await registeredFigures(program, 1000, (urls) => launch(urls, 10_000));
  const many = await registeredFigures(program, 10_000, () => []);
  const ratio = { name: '  ten times as much', value: many[0].value / few[0].value, unit: 'x', target: mostGrowth };
  return [...few, ...many, ratio];
}

/** What a lab takes to be up, and what it takes while nothing happens; then what `next` measures of it. */
const registeredFigures = (program, agents, next) =>
  inLab(program, 'single', async (world) => {
    tell(`simulated: ${agents} agents`);
    await upOnFreePorts(world, ['--simulated-agents', String(agents)]);
    const pid = labProcess(world);
    const urls = urlsOf(world);
    const up = cpuMsOf(pid);
    const summary = await timeGet(`${urls.masters[0]}/state-summary`);
    const resident = residentMb(pid);
    const before = cpuMsOf(pid);
    await sleep(idleMs);
    const idle = ((cpuMsOf(pid) - before) / idleMs) * 100;
    const figure = (name, value, unit, target) => ({ name: `${agents} agents: ${name}`, value, unit, ...target });
    return [
      figure('up, verified', up, 'ms CPU'),
      figure('resident', resident, 'MB'),
      figure('idle', idle, '% CPU', { target: 5 }),
      figure('/state-summary', summary.wholeMs, 'ms', { target: 500 }),
      ...(await next(urls)).map(({ name, value, unit, target }) => figure(name, value, unit, target && { target })),
    ];
  });

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function cpuMsOf(pid) {
  // The name before it may hold anything, but no bracket after its own.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

const apps = 10;

/** Deploys apps that fill the simulated agents through Marathon, and looks at one of them all the while. */
async function launch({ marathons: [marathon] }, tasks) {
  tell(`simulated: launching ${tasks} tasks, for ${launchMs / 1000} s at most`);
  const start = performance.now();
  await deploy(marathon, tasks);
  const times = [];
  const marks = [];
  for (let running = 0; running < tasks && performance.now() - start < launchMs;) {
    times.push((await timeGet(`${marathon}/v2/apps/bench/app0`)).wholeMs);
    const { apps: all = [] } = await (await fetch(`${marathon}/v2/apps?embed=apps.counts`)).json();
    running = all.reduce((sum, { tasksRunning }) => sum + tasksRunning, 0);
    marks.push({ running, ms: performance.now() - start });
    await sleep(20);
  }
  times.sort((a, b) => a - b);
  const last = marks.at(-1);
  const at = (part) => marks.find(({ running }) => running >= part * last.running).ms;
  return [
    { name: `of ${tasks} tasks run within a minute`, value: last.running, unit: '' },
    { name: 'tasks a second', value: (last.running * 1000) / last.ms, unit: '' },
    { name: 'last tenth of them / first tenth', value: (at(1) - at(0.9)) / at(0.1), unit: 'x' },
    { name: 'GET of an app meanwhile, p99', value: times[Math.floor(times.length * 0.99)], unit: 'ms', target: 100 },
    { name: 'longest without an answer', value: times.at(-1), unit: 'ms', target: 250 },
  ];
}

async function deploy(marathon, tasks) {
  const group = {
    id: '/bench',
    apps: Array.from({ length: apps }, (_, index) => ({
      ...{ id: `/bench/app${index}`, instances: tasks / apps, cpus: 0.1, mem: 32, cmd: 'sleep 100000' },
      ...{ portDefinitions: [], constraints: [['simulated', 'LIKE', 'true']] },
    })),
  };
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${marathon}/v2/groups`, { method: 'PUT', headers, body: JSON.stringify(group) });
  if (!answer.ok) throw new Error(`PUT /v2/groups: ${answer.status} ${await answer.text()}`);
}
