import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/*
 * The pictures of the page in the README, anew, after a build: node scripts/screenshots.mjs
 * An embedded lab with apps that do well and others that do not, and one of 10,000 agents, on ports from 28000 on.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/create-mesos-cluster.cjs');
const pictures = join(root, 'docs/screenshots');

const ports = (first) => `ports:
  mesos-master: ${first}
  mesos-agent: ${first + 1}
  marathon: ${first + 30}
  marathon-lb: ${first + 35}
  services: ${first + 40}-${first + 49}
`;

const docker = (image) => ({
  container: {
    type: 'DOCKER',
    docker: { image, network: 'BRIDGE', portMappings: [{ containerPort: 80, hostPort: 0 }] },
  },
  healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0, gracePeriodSeconds: 5, intervalSeconds: 2 }],
});

const writes = 'while true; do echo "$(date) GET /orders 200"; sleep 0.3; done';
const apps = [
  { id: '/shop/web', cpus: 0.2, mem: 64, instances: 6, ...docker('nginx:1.27') },
  { id: '/shop/orders', cpus: 0.1, mem: 96, instances: 4, cmd: writes },
  { id: '/shop/search', cpus: 0.2, mem: 128, instances: 3, cmd: 'sleep 10000' },
  { id: '/reports', cpus: 8, mem: 512, instances: 1, cmd: 'sleep 10000' },
];

/** A lab that runs while something is done with its page. */
async function withLab(spec, first, use) {
  const lab = mkdtempSync(join(tmpdir(), 'screenshots-'));
  const run = (...argv) => execFileSync(process.execPath, [program, ...argv], { cwd: lab, stdio: 'ignore' });
  writeFileSync(join(lab, 'mesos-cluster.yaml'), `${spec}${ports(first)}`);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  let served;
  try {
    run('up', '--runtime', 'embedded');
    served = spawn(process.execPath, [program, 'page', '--json'], { cwd: lab, stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await served.stdout.take(1).toArray();
    await use({ run, marathon: `http://127.0.0.1:${first + 30}`, url: JSON.parse(String(said)).url, browser });
  } finally {
    await browser.close();
    served?.kill('SIGINT');
    run('down');
    rmSync(lab, { recursive: true, force: true });
  }
}

async function open(browser, url, colorScheme) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 720 }, colorScheme, locale: 'en-GB' });
  await page.goto(url);
  await page.waitForSelector('header');
  return page;
}

const deploy = (marathon, app) =>
  fetch(`${marathon}/v2/apps`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(app),
  });

const keep = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) });

await withLab('name: shop\npreset: ha\ntiming: fast\n', 28_000, async ({ run, marathon, url, browser }) => {
  const page = await open(browser, url, 'light');
  for (const app of apps) await deploy(marathon, app);
  await page.waitForSelector('.legend >> text=web.shop 6');
  await page.click('nav >> text=Tasks');
  await page.click('td a:has-text("orders.shop")');
  await page.waitForSelector('pre:has-text("GET /orders")');
  await keep(page, 'sandbox');
  await page.click('nav >> text=Overview');
  run('kill', 'agent2');
  await page.waitForSelector('.box.off .task');
  await keep(page, 'agent-lost');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.click('nav >> text=Apps');
  await page.waitForSelector('a:has-text("web")');
  await keep(page, 'apps');
});

const big = 'name: ten-thousand\nsimulatedAgents:\n  count: 10000\n  racks: 40\n  zones: 4\n';
await withLab(big, 28_500, async ({ marathon, url, browser }) => {
  const constraints = [['simulated', 'LIKE', 'true']];
  await deploy(marathon, { id: '/fleet', cpus: 3, mem: 2048, instances: 2500, cmd: 'sleep 1', constraints });
  const page = await open(browser, url, 'dark');
  await page.waitForSelector('text=/2,[4-9]\\d\\d tasks/', { timeout: 120_000 });
  await keep(page, 'ten-thousand-agents');
});
