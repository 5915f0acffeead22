import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { definitions } from '../scripts/build/bundle-script.mjs';
import { tell } from './measure.mjs';
import { startFramework, timeGet } from './scale/master-clients.mjs';

/*
 * node bench/scale-master.mjs [AGENTS...]: what the master and simulated agents cost by the number of agents, each with
 * ten tasks. Master and agents are a process each, the framework is in this one: their processor time does not depend on
 * what else the machine does, the wall time does.
 */

const sourceOf = (name) => fileURLToPath(new URL(`scale/${name}-process.ts`, import.meta.url));
const perAgent = 10;
/** How long an idle cluster is looked at. */
const idleMs = 10_000;

async function startProcess(name, folder, words = []) {
  const bundle = await rolldown({
    ...{ input: { [name]: sourceOf(name) }, platform: 'node', external: [/^node:/] },
    transform: { define: definitions() },
  });
  await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: `${name}-[hash].mjs`,
  });
  const child = fork(join(folder, `${name}.mjs`), words, { execArgv: process.env.MASTER_ARGV?.split(' ') ?? [] });
  const ended = new Promise((_, reject) =>
    child.once('exit', () => reject(new Error(`the process ${name} has ended`))),
  );
  ended.catch(() => undefined);
  const next = () => Promise.race([new Promise((resolve) => child.once('message', resolve)), ended]);
  const { url } = await next();
  return {
    url,
    /** Since the last time. */
    usage: (what = 'usage') => {
      const answer = next();
      child.send(what);
      return answer;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.disconnect();
      }),
  };
}

/** A promise that somebody resolves when a count is reached. */
function countdown(count) {
  let reached;
  const done = new Promise((resolve) => (reached = resolve));
  let left = count;
  return { done, down: (by = 1) => (left -= by) <= 0 && reached() };
}

const healthy = async (url) => {
  const headers = { 'Content-Type': 'application/json' };
  const body = '{"type":"GET_HEALTH"}';
  while ((await fetch(`${url}/api/v1`, { method: 'POST', headers, body })).status !== 200);
};

const metricOf = async (url, name) => (await (await fetch(`${url}/metrics/snapshot`)).json())[name];

/** Resolves when a metric of the master has a value, or more. */
async function reached(url, name, value) {
  while ((await metricOf(url, name)) < value) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Resolves when agents have nothing left to send again, or after a while. */
async function acknowledged(url) {
  const pending = async () =>
    (await metricOf(url, 'master/valid_status_updates')) -
    (await metricOf(url, 'master/valid_status_update_acknowledgements'));
  const end = performance.now() + 20_000;
  while ((await pending()) > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** @returns {Promise<Record<string, { cpuMs: number, wallMs: number, blockedMs: number, rssMb: number, agentsMs: number, agentsMb: number }>>} by what was done */
async function measure(agents, folder) {
  const tasks = agents * perAgent;
  const master = await startProcess('master', folder);
  const stages = {};
  let simulation;
  const stage = async (name, act) => {
    await Promise.all([master.usage(name), simulation?.usage()]);
    const more = await act();
    const [usage, own] = await Promise.all([master.usage(), simulation.usage()]);
    stages[name] = { ...usage, agentsMs: own.cpuMs, agentsMb: own.rssMb, ...more };
  };
  await healthy(master.url);
  const [offered, running, reconciled] = [agents, tasks, tasks].map(countdown);
  let counter = running;
  let isOver = false;
  const framework = await startFramework(master.url, {
    perOffer: perAgent,
    onOffers: (count) => offered.down(count),
    onRunning: (state) => state === 'TASK_RUNNING' && counter.down(),
    onClosed: () => !isOver && tell(`${agents} agents: the master closed the stream of the framework`),
  });
  await stage('register', async () => {
    simulation = await startProcess('agents', folder, [master.url, String(agents)]);
    await Promise.all([reached(master.url, 'master/slaves_active', agents), offered.done]);
  });
  await stage('launch', () => {
    framework.launch(tasks);
    return running.done;
  });
  await stage('acknowledge', () => acknowledged(master.url));
  counter = reconciled;
  await stage('reconcile', () => {
    framework.reconcile();
    return Promise.race([reconciled.done, new Promise((resolve) => setTimeout(resolve, 20_000))]);
  });
  for (const path of ['/metrics/snapshot', '/state-summary', '/state', '/slaves']) {
    await stage(path, () => timeGet(`${master.url}${path}`));
  }
  await stage('idle', () => new Promise((resolve) => setTimeout(resolve, idleMs)));
  isOver = true;
  framework.close();
  await simulation.stop();
  await master.stop();
  return stages;
}

/** Processor time of a size over that of the one before, and whether it grew with the size or faster. */
function rowsOf(results) {
  return results.flatMap(({ agents, stages }, index) =>
    Object.entries(stages).map(
      ([name, { cpuMs, wallMs, blockedMs, rssMb, agentsMs, agentsMb, firstMs, wholeMs, mb }]) => {
        const former = results[index - 1]?.stages[name];
        return {
          agents,
          ...{ stage: name, 'cpu ms': Math.round(cpuMs), 'wall ms': Math.round(wholeMs ?? wallMs) },
          ...{ 'longest block ms': Math.round(blockedMs), 'rss MB': Math.round(rssMb) },
          ...{ 'agents cpu ms': Math.round(agentsMs), 'agents rss MB': Math.round(agentsMb) },
          'x cpu': former === undefined ? '' : (cpuMs / former.cpuMs).toFixed(1),
          ...(firstMs === undefined ? {} : { 'first byte ms': Math.round(firstMs), MB: mb.toFixed(1) }),
        };
      },
    ),
  );
}

/** What is known of a size, for `npm run bench`. @param {number} mostGrowth of ten times as much, in times */
export async function masterFigures(mostGrowth) {
  const [few, many] = await measureAll([1000, 10_000]);
  return Object.keys(few.stages).flatMap((name) => {
    const row = ({ agents, stages }) => ({ name: `master, ${agents} agents: ${name}`, value: stages[name].cpuMs });
    const rows = [few, many].map((size) => ({ ...row(size), unit: 'ms CPU' }));
    const ratio = { name: '  ten times as much', value: rows[1].value / rows[0].value, unit: 'x', target: mostGrowth };
    if (name !== 'idle') return [...rows, ratio];
    const { cpuMs, agentsMs, rssMb, agentsMb } = many.stages[name];
    const held = `${many.agents} agents, ${many.agents * perAgent} tasks`;
    return [
      { name: `${held}: idle, with the agents`, value: ((cpuMs + agentsMs) / idleMs) * 100, unit: '% CPU', target: 5 },
      { name: `${held}: master and agents`, value: rssMb + agentsMb, unit: 'MB', target: 2500 },
    ];
  });
}

/** @param {readonly number[]} sizes numbers of agents, each ten times the one before */
const masterScale = async (sizes) => rowsOf(await measureAll(sizes));

async function measureAll(sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const results = [];
    for (const agents of sizes) {
      tell(`master: ${agents} agents, ${agents * perAgent} tasks`);
      results.push({ agents, stages: await measure(agents, folder) });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sizes = process.argv.slice(2).map(Number);
  console.table(await masterScale(sizes.length === 0 ? [100, 1000, 10_000] : sizes));
}
