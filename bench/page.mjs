import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { loadavg } from 'node:os';
import { inLab, labProcess, run, upOnFreePorts, urlsOf } from './embedded.mjs';
import { part, tell } from './measure.mjs';
import { deploy } from './simulated.mjs';

const idleMs = 10_000;
/** Whoever has just come or gone is not idle. */
const settleMs = 30_000;
const tickMs = 10;
const [agents, tasks] = [10_000, 20_000];
/** For all tasks to run. */
const launchMs = 60_000;

/**
 * The page of a lab: how soon it shows something, how much it is sent, how it feels in a browser while much happens, and
 * what it costs when nothing does: processor time of its server, and what the lab needs more than without it.
 * @param {string} program
 */
export async function pageFigures(program) {
  return [
    ...(await part('page of single', () => inLab(program, 'single', small, ['--timing', 'fast']))),
    ...(await part(`page of ${agents} agents`, () => inLab(program, 'ha', large, ['--timing', 'fast']))),
    { name: 'load of the machine', value: loadavg()[0], unit: '' },
  ];
}

async function small(world) {
  await upOnFreePorts(world);
  const [without] = await percentsOf([labProcess(world)]);
  return withPage(world, async (page) => {
    const times = [];
    for (let round = 0; round < 7; round += 1) times.push(await page.firstData('.box'));
    return [
      { name: 'single: first paint with data, best of 7', value: Math.min(...times), unit: 'ms', target: 500 },
      ...(await page.idle('single', without)),
    ];
  });
}

async function large(world) {
  tell(`page: a lab of ${agents} simulated agents`);
  await upOnFreePorts(world, ['--simulated-agents', String(agents), '--timeout', '300']);
  const name = `${agents} agents`;
  const busy = await withPage(world, async (page) => {
    const firstMs = await page.firstData('canvas');
    const marathon = urlsOf(world).marathons[0];
    await deploy(marathon, tasks);
    const interactions = [];
    for (let round = 0; round < 3; round += 1) interactions.push(await page.longestInteraction());
    const running = await runningAfter(marathon);
    return [
      { name: `${name}: first paint with data`, value: firstMs, unit: 'ms' },
      { name: `${name}: longest interaction, best of 3`, value: Math.min(...interactions), unit: 'ms', target: 100 },
      { name: `${name}: the whole picture, gzip`, value: (await page.pictureBytes()) / 1000, unit: 'KB', target: 300 },
      { name: `${name}: of ${tasks} tasks run in time`, value: running, unit: '' },
    ];
  });
  const [without] = await percentsOf([labProcess(world)]);
  return [...busy, ...(await withPage(world, (page) => page.idle(name, without)))];
}

/** Serves the page of a lab, and opens it in Chromium. */
async function withPage(world, use) {
  const { chromium } = await import('playwright-core');
  const served = spawn(process.execPath, [world.program, 'page'], { cwd: world.directory, signal: world.signal });
  // That it was interrupted is told by what waits for it.
  served.on('error', () => undefined);
  const ended = new Promise((resolve) => served.once('exit', resolve));
  let browser;
  try {
    const url = await urlOf(served);
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    return await use(pageIn(await browser.newPage(), { url, served, lab: labProcess(world) }));
  } finally {
    await browser?.close();
    served.kill('SIGINT');
    await ended;
  }
}

function urlOf(served) {
  return new Promise((resolve, reject) => {
    let said = '';
    served.stdout.on('data', (text) => {
      said += text;
      const found = /http:\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    served.once('exit', () => reject(new Error('the page has ended')));
  });
}

function pageIn(page, { url, served, lab }) {
  return {
    /** From the request to the first frame that has it. */
    firstData: async (selector) => {
      await page.goto('about:blank');
      await page.goto(url, { waitUntil: 'commit' });
      await page.waitForSelector(selector, { timeout: 120_000 });
      return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(performance.now()))));
    },
    longestInteraction: () => longestInteraction(page, new URL(url).origin),
    pictureBytes: () => pictureBytes(url),
    idle: async (name, without) => {
      await page.goto(url);
      return idle(name, { server: served.pid, lab, without });
    },
  };
}

/** Clicks, types, scrolls and hovers while tasks start, and asks the browser what took longest (Event Timing). */
async function longestInteraction(page, origin) {
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration, interactionId } of list.getEntries()) {
        if (interactionId > 0) globalThis.longest = Math.max(globalThis.longest, duration);
      }
    }).observe({ type: 'event', durationThreshold: 16 });
  });
  for (const view of ['agents', 'apps', 'tasks', 'frameworks', 'overview']) {
    await page.click(`nav a[href="#/${view}"]`);
    await page.waitForTimeout(150);
  }
  await page.click('nav a[href="#/agents"]');
  await page.locator('input[type=search]').pressSequentially('simulated-77', { delay: 40 });
  await page.mouse.wheel(0, 4000);
  await page.click('nav a[href="#/overview"]');
  const canvas = page.locator('canvas').first();
  await canvas.hover({ position: { x: 40, y: 10 } });
  await canvas.focus();
  for (let key = 0; key < 8; key += 1) await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(300);
  const longest = await page.evaluate(() => globalThis.longest);
  tell(`  longest interaction at ${origin}: ${longest} ms`);
  return longest;
}

/** How many tasks run when all do, or the time for that is over. */
async function runningAfter(marathon) {
  const end = performance.now() + launchMs;
  let running = 0;
  while (running < tasks && performance.now() < end) {
    await sleep(1000);
    const { apps } = await (await fetch(`${marathon}/v2/apps?embed=apps.counts`)).json();
    running = apps.reduce((sum, { tasksRunning }) => sum + tasksRunning, 0);
  }
  return running;
}

/** What a page that is opened now is sent at first, compressed. */
function pictureBytes(url) {
  return new Promise((resolve, reject) => {
    const request = get(new URL('/page/changes', url), { headers: { 'Accept-Encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (part) => (bytes += part.length));
      setTimeout(() => {
        request.destroy();
        resolve(bytes);
      }, 1500);
    });
    request.on('error', reject);
  });
}

/** @param without percent of a core that the lab needs when nobody looks */
async function idle(name, { server, lab, without }) {
  const [own, all] = await percentsOf([server, lab]);
  return [
    { name: `${name}: the lab alone, idle`, value: without, unit: '% CPU' },
    { name: `${name}: server of its page, idle`, value: own, unit: '% CPU' },
    { name: `${name}: the lab more than alone`, value: all - without, unit: '% CPU' },
    { name: `${name}: what the page costs, idle`, value: own + all - without, unit: '% CPU', target: 2 },
  ];
}

async function percentsOf(pids) {
  await sleep(settleMs);
  const before = pids.map(cpuMs);
  await sleep(idleMs);
  return pids.map((pid, index) => ((cpuMs(pid) - before[index]) / idleMs) * 100);
}

function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
