import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { tell } from './measure.mjs';
import { startAgents, startFramework, timeGet } from './scale/master-clients.mjs';

/*
 * node bench/scale-master.mjs [AGENTS...]: what the master alone costs by the number of agents, each with ten tasks. The
 * master is a process of its own, agents and the framework are in this one: its processor time does not depend on what
 * else the machine does, the wall time does.
 */

const source = fileURLToPath(new URL('scale/master-process.ts', import.meta.url));
const perAgent = 10;

async function startMasterProcess(folder) {
  const file = join(folder, 'master.mjs');
  const bundle = await rolldown({ input: source, platform: 'node', external: [/^node:/] });
  await bundle.write({ file, format: 'esm' });
  const child = fork(file, { execArgv: process.env.MASTER_ARGV?.split(' ') ?? [] });
  const next = () => new Promise((resolve) => child.once('message', resolve));
  const { url } = await next();
  return {
    url,
    /** Since the last time. */
    usage: () => {
      const answer = next();
      child.send('usage');
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

/** @returns {Promise<Record<string, { cpuMs: number, wallMs: number, blockedMs: number, rssMb: number }>>} by what was done */
async function measure(agents, folder) {
  const tasks = agents * perAgent;
  const master = await startMasterProcess(folder);
  const stages = {};
  const stage = async (name, act) => {
    await master.usage();
    const more = await act();
    stages[name] = { ...(await master.usage()), ...more };
  };
  await healthy(master.url);
  const [registered, offered, running, reconciled] = [agents, agents, tasks, tasks].map(countdown);
  let counter = running;
  let isOver = false;
  const framework = await startFramework(master.url, {
    perOffer: perAgent,
    onOffers: (count) => offered.down(count),
    onRunning: () => counter.down(),
    onClosed: () => !isOver && tell(`${agents} agents: the master closed the stream of the framework`),
  });
  let stopAgents;
  await stage('register', async () => {
    stopAgents = await startAgents(master.url, agents, () => registered.down());
    await Promise.all([registered.done, offered.done]);
  });
  await stage('launch', () => {
    framework.launch(tasks);
    return running.done;
  });
  counter = reconciled;
  await stage('reconcile', () => {
    framework.reconcile();
    return Promise.race([reconciled.done, new Promise((resolve) => setTimeout(resolve, 60_000))]);
  });
  for (const path of ['/metrics/snapshot', '/state-summary', '/state', '/slaves']) {
    await stage(path, () => timeGet(`${master.url}${path}`));
  }
  isOver = true;
  framework.close();
  stopAgents();
  await master.stop();
  return stages;
}

/** Processor time of a size over that of the one before, and whether it grew with the size or faster. */
function rowsOf(results) {
  return results.flatMap(({ agents, stages }, index) =>
    Object.entries(stages).map(([name, { cpuMs, wallMs, blockedMs, rssMb, firstMs, wholeMs, mb }]) => {
      const former = results[index - 1]?.stages[name];
      return {
        agents,
        ...{ stage: name, 'cpu ms': Math.round(cpuMs), 'wall ms': Math.round(wholeMs ?? wallMs) },
        ...{ 'longest block ms': Math.round(blockedMs), 'rss MB': Math.round(rssMb) },
        'x cpu': former === undefined ? '' : (cpuMs / former.cpuMs).toFixed(1),
        ...(firstMs === undefined ? {} : { 'first byte ms': Math.round(firstMs), MB: mb.toFixed(1) }),
      };
    }),
  );
}

/** @param {readonly number[]} sizes numbers of agents, each ten times the one before */
export async function masterScale(sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const results = [];
    for (const agents of sizes) {
      tell(`master: ${agents} agents, ${agents * perAgent} tasks`);
      results.push({ agents, stages: await measure(agents, folder) });
    }
    return rowsOf(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sizes = process.argv.slice(2).map(Number);
  console.table(await masterScale(sizes.length === 0 ? [100, 1000, 10_000] : sizes));
}
