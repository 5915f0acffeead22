import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { loadavg } from 'node:os';
import { inLab, labProcess, run, upOnFreePorts, urlsOf } from './embedded.mjs';
import { part, tell } from './measure.mjs';
import { deploy } from './simulated.mjs';

const idleMs = 15_000;
const tickMs = 10;
const [agents, tasks] = [10_000, 50_000];

/**
 * The page of a lab: how soon it shows something, how much it is sent, how it feels in a browser while much happens, and
 * what it costs when nothing does.
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
  return withPage(world, async (page) => {
    const times = [];
    for (let round = 0; round < 5; round += 1) times.push(await page.firstData('.box'));
    return [
      { name: 'single: first paint with data', value: Math.min(...times), unit: 'ms', target: 500 },
      await page.idle('single'),
    ];
  });
}

async function large(world) {
  await upOnFreePorts(world, ['--simulated-agents', String(agents), '--timeout', '300']);
  const { marathons } = urlsOf(world);
  return withPage(world, async (page) => {
    const name = `${agents} agents`;
    await page.firstData('canvas');
    await deploy(marathons[0], tasks);
    const interaction = await page.longestInteraction();
    await page.untilQuiet(marathons[0], tasks);
    return [
      { name: `${name}: longest interaction`, value: interaction, unit: 'ms', target: 100 },
      { name: `${name}: the whole picture, gzip`, value: (await page.pictureBytes()) / 1000, unit: 'KB', target: 300 },
      await page.idle(name),
    ];
  });
}

/** Serves the page of a lab, and opens it in Chromium. */
async function withPage(world, use) {
  const { chromium } = await import('playwright-core');
  const served = spawn(process.execPath, [world.program, 'page'], { cwd: world.directory });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    served.stdout.on('data', (text) => {
      said += text;
      const found = /http:\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    served.once('exit', () => reject(new Error('the page has ended')));
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    return await use(pageIn(await browser.newPage(), { url, served, lab: labProcess(world) }));
  } finally {
    await browser.close();
    served.kill('SIGINT');
  }
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
    untilQuiet: (marathon, count) => untilQuiet(marathon, count),
    pictureBytes: () => pictureBytes(url),
    idle: (name) => idle(name, served.pid, lab),
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
  for (let round = 0; round < 3; round += 1) {
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
  }
  await page.waitForTimeout(300);
  const longest = await page.evaluate(() => globalThis.longest);
  tell(`  longest interaction at ${origin}: ${longest} ms`);
  return longest;
}

async function untilQuiet(marathon, count) {
  const end = performance.now() + 150_000;
  for (let running = 0; running < count && performance.now() < end;) {
    await sleep(1000);
    const { apps } = await (await fetch(`${marathon}/v2/apps?embed=apps.counts`)).json();
    running = apps.reduce((sum, { tasksRunning }) => sum + tasksRunning, 0);
  }
  await sleep(5000);
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

/** The server of the page, and what it has the lab do more than without it. */
async function idle(name, page, lab) {
  await sleep(3000);
  const with_ = await percentOf([page, lab]);
  return { name: `${name}: server of the page and lab, idle`, value: with_, unit: '% CPU' };
}

async function percentOf(pids) {
  const sum = () => pids.reduce((all, pid) => all + cpuMs(pid), 0);
  const before = sum();
  await sleep(idleMs);
  return ((sum() - before) / idleMs) * 100;
}

function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
