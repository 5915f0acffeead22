import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { deployApps, inLab, labProcess, residentMb, run, upOnFreePorts, urlsOf } from './embedded.mjs';
import { part, tell } from './measure.mjs';
import { timeGet } from './scale/master-clients.mjs';

const idleMs = 10_000;
/** Processor time in /proc/PID/stat is in hundredths of a second. */
const tickMs = 10;
const apps = 10;

/**
 * Labs of simulated agents, with the built program: all of it is one process, Marathon and masters included, so its memory
 * and its processor time are those of all threads (Linux).
 * @param {number} mostGrowth what ten times as much may take, in times
 */
export async function simulatedFigures(program, mostGrowth) {
  const few = await labFigures(program, { agents: 1000, tasks: 10_000, launchMs: 40_000 });
  const many = await labFigures(program, { agents: 10_000, tasks: 50_000, launchMs: 75_000, preset: 'ha' });
  const most = await labFigures(program, { agents: 50_000 });
  const held = await labFigures(program, { agents: 10_000, tasks: 100_000, launchMs: 150_000 });
  const ratio = { name: '  ten times as much', value: many[0].value / few[0].value, unit: 'x', target: mostGrowth };
  const failover = await part('failover of a lab with commands', () => failoverFigures(program));
  return [...few, ...many, ratio, ...held, ...most, ...failover];
}

/** How soon all is known again in a lab of preset `ha`, with commands that run. */
const failoverFigures = (program) =>
  inLab(
    program,
    'ha',
    async (world) => {
      await upOnFreePorts(world);
      await run(world, deployApps);
      const figures = [];
      await failover(world, labOf(world), (name, value, unit, target) => {
        figures.push({ name: `ha: ${name}`, value, unit, ...(target === undefined ? {} : { target: 3 }) });
      });
      return figures;
    },
    ['--timing', 'fast'],
  );

/** What a lab takes to be up, what it can do then, and what it takes to end it. */
const labFigures = (program, { agents, preset = 'single', ...given }) =>
  part(`lab of ${agents} simulated agents, ${preset}`, () =>
    inLab(program, preset, (world) => measure(world, { agents, preset, ...given }), ['--timing', 'fast']),
  );

async function measure(world, { agents, preset, tasks = 0, launchMs }) {
  tell(`simulated: ${agents} agents, ${preset}`);
  const figures = [];
  const add = (name, value, unit, target) => {
    tell(`  ${name}: ${value.toFixed(2)} ${unit}`);
    figures.push({
      name: `${agents} agents (${preset}): ${name}`,
      value,
      unit,
      ...(target === undefined ? {} : { target }),
    });
  };
  await upOnFreePorts(world, ['--simulated-agents', String(agents), '--timeout', '300']);
  const lab = labOf(world);
  add('up, verified', lab.cpuMs(), 'ms CPU');
  const running = tasks > 0 ? await launch(lab, { tasks, launchMs }, add) : 0;
  add(`resident, ${running} tasks`, residentMb(lab.pid), 'MB', 2500);
  add(`idle, ${running} tasks`, await idlePercent(lab), '% CPU', 5);
  await views(lab, add);
  if (preset === 'ha') await failover(world, lab, add);
  add(`down, ${running} tasks`, (await run(world, ['down'])) / 1000, 's', running > 10_000 ? 10 : 2);
  add('load of the machine', loadavg()[0], '');
  return figures;
}

function labOf(world) {
  const pid = labProcess(world);
  const { masters, marathons } = urlsOf(world);
  const cpuMs = () => {
    // The name before it may hold anything, but no bracket after its own.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  };
  return { pid, masters, marathon: marathons[0], cpuMs };
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const json = async (url) => (await fetch(url)).json();

async function idlePercent({ cpuMs }) {
  await sleep(1000);
  const before = cpuMs();
  await sleep(idleMs);
  return ((cpuMs() - before) / idleMs) * 100;
}

/** Deploys apps that fill the simulated agents through Marathon, and looks at one of them all the while. */
async function launch({ marathon, cpuMs }, { tasks, launchMs }, add) {
  tell(`simulated: launching ${tasks} tasks, for ${launchMs / 1000} s at most`);
  const [start, cpu] = [performance.now(), cpuMs()];
  await deploy(marathon, tasks);
  const times = [];
  const marks = [];
  let running = 0;
  while (running < tasks && performance.now() - start < launchMs) {
    times.push((await timeGet(`${marathon}/v2/apps/bench/app0`)).wholeMs);
    const { apps: all = [] } = await json(`${marathon}/v2/apps?embed=apps.counts`);
    running = all.reduce((sum, { tasksRunning }) => sum + tasksRunning, 0);
    marks.push({ running, ms: performance.now() - start });
    await sleep(100);
  }
  times.sort((a, b) => a - b);
  const at = (part) => marks.find((mark) => mark.running >= part * running)?.ms ?? NaN;
  add(`of ${tasks} tasks run in time`, running, '');
  add('tasks a second', (running * 1000) / marks.at(-1).ms, '');
  add('a task through Marathon', (cpuMs() - cpu) / running, 'ms CPU', 1000 / 1500);
  add('last tenth of them / first tenth', (at(1) - at(0.9)) / at(0.1), 'x');
  add('GET of an app meanwhile, p99', times[Math.floor(times.length * 0.99)], 'ms', 100);
  add('longest without an answer', times.at(-1), 'ms', 250);
  return running;
}

export async function deploy(marathon, tasks) {
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

/** The long answers of the leading master. */
async function views({ masters, cpuMs }, add) {
  const leader = await leaderOf(masters);
  for (const path of ['/state-summary', '/state']) {
    const before = cpuMs();
    const { firstMs, wholeMs } = await timeGet(`${leader}${path}`);
    add(path, cpuMs() - before, 'ms CPU', path === '/state' ? undefined : 500);
    add(`${path}, all of it`, wholeMs, 'ms');
    add(`${path}, first byte`, firstMs, 'ms', 1000);
  }
}

/** The URL of the master that leads; undefined while none is known to. */
async function leaderOf(masters) {
  for (const url of masters) {
    const answer = await fetch(`${url}/redirect`, { redirect: 'manual' }).catch(() => undefined);
    const port = answer?.status === 307 ? new URL(answer.headers.get('location') ?? '', url).port : '';
    const leader = masters.find((each) => new URL(each).port === port);
    if (leader !== undefined) return leader;
  }
  return undefined;
}

/** Kills the leading master, until another one knows all agents and tasks. */
async function failover(world, { masters, cpuMs }, add) {
  const former = await leaderOf(masters);
  const known = async (url) => {
    const metrics = await json(`${url}/metrics/snapshot`);
    return { agents: metrics['master/slaves_active'], tasks: metrics['master/tasks_running'] };
  };
  const before = await known(former);
  tell(`simulated: failover with ${before.agents} agents, ${before.tasks} tasks`);
  const cpu = cpuMs();
  const command = await run(world, ['kill', `master${masters.indexOf(former) + 1}`]);
  const start = performance.now();
  const others = masters.filter((url) => url !== former);
  let now = { agents: 0, tasks: 0 };
  while (now.agents < before.agents || now.tasks < before.tasks) {
    if (performance.now() - start > 120_000) throw new Error(`after the failover: ${JSON.stringify({ before, now })}`);
    const leader = await leaderOf(others);
    if (leader !== undefined && leader !== former) now = await known(leader).catch(() => now);
    await sleep(50);
  }
  add(`failover, ${before.tasks} tasks: all known again`, (performance.now() - start) / 1000, 's', 10);
  add('failover, with the command', (performance.now() - start + command) / 1000, 's');
  add('failover', cpuMs() - cpu, 'ms CPU');
}
