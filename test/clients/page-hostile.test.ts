import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchRaw, commandTask, subscribe } from '../engine/scheduler-client.ts';
import { requireTool } from '../support/require-tool.ts';
import { marathonOf, openPage, picture } from './page-browser.ts';
import { crawl } from './page-crawl.ts';

const image = '<img src=x onerror=alert(1)>';
const script = '"><script>alert(1)</script>';
const link = 'javascript:alert(1)';
const long = 'w'.repeat(2000);
const names = [image, script, link, '\u202Ereversed', 'line\nbreak', '__proto__', long, ''];

const hostileAgents = `
mesos:
  agent:
    attributes:
      rack: ${JSON.stringify(image.replaceAll(/[()]/g, '`'))}
      zone: ${'z'.repeat(300)}
`;

/** Everything that a terminal, a parser or a layout may not like. */
const output = [
  Buffer.from(`${image}\n${script}\n\u001B[31mred\u001B[0m \u001B]0;title\u0007\u001B[2J\u001B[1;1H\r\n`),
  Buffer.from([0, 1, 2, 0x80, 0xff, 0xfe, 0xc3, 0x28, 10]),
  Buffer.from('\u202Eoverride\u2066isolate\n</pre></body><svg onload=alert(1)>\n'),
  // At 10 MB an agent begins another file.
  Buffer.alloc(9 * 1024 * 1024, 'x'),
  Buffer.from(`\n${image}the end\n`),
];

/** A framework that calls itself and its tasks whatever is worst. */
async function hostileFramework(master: string, name: string): Promise<void> {
  const info = { name, user: 'root', hostname: name.slice(0, 200), webui_url: link, roles: [`"><b>${name.length}`] };
  const capabilities = [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }];
  const framework = await subscribe(master, { ...info, capabilities });
  onTestFinished(framework.close);
  const [offer] = await framework.takeOffers();
  if (offer === undefined) throw new Error('No offer');
  const labels = { labels: [{ key: name === '' ? 'empty' : name, value: image }] };
  const id = `task ${name.slice(0, 60).replaceAll('/', '|')}`;
  const task = commandTask(id, offer.agent_id.value, { name, labels });
  await framework.launch([offer.id.value], [task]);
}

const apps = [
  { id: '/labels', cmd: `echo '${image}'; sleep 1000`, labels: { [image]: script, [link]: image } },
  { id: '/env', cmd: 'sleep 1000', env: { A: image, B: script } },
  { id: `/long/${'x'.repeat(60)}/${'y'.repeat(60)}/${'z'.repeat(60)}`, cmd: `sleep 1000 # ${long}` },
  { id: '/fails', cmd: `echo '${image}' >&2; exit 1` },
];

const deploy = async (marathon: string, app: object) => {
  const body = { cpus: 0.01, mem: 16, ...app };
  expect((await fetchRaw(`${marathon}/v2/apps`, { body })).status).toBe(201);
};

/** What people see of a page who have another window. */
const windows = [
  ['light', 1280],
  ['dark', 390],
] as const;

async function crawlAll(page: Page, most: number) {
  for (const [colorScheme, width] of windows) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const { faults, seen } = await crawl(page, most, () => Promise.resolve([]));
    expect([width, ...faults]).toEqual([width]);
    expect(seen.size).toBeGreaterThan(20);
  }
}

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('hostile names and output', () => {
  test('are text in every view, and break none', async () => {
    const { lab, page, expectTrouble } = await openPage(hostileAgents);
    const master = `http://127.0.0.1:${lab.ports.master}`;
    for (const name of names) await hostileFramework(master, name);
    for (const app of apps) await deploy(marathonOf(lab), app);
    await page.click('nav >> text=Frameworks');
    await page.waitForSelector(`text=${image}`);
    await picture(page, 'hostile-frameworks');
    // Sandboxes of tasks that have ended may be gone.
    expectTrouble(/page\/files?\?.* 404$/, /console: Failed to load.* 404 .*page\/files?\?/);
    await crawlAll(page, 60);
  }, 180_000);

  test('of a task are shown as text, the end of a long file, whatever is in it', async () => {
    const { lab, page } = await openPage();
    const file = join(lab.directory, 'output');
    writeFileSync(file, Buffer.concat(output));
    mkdirSync(join(lab.directory, 'empty'));
    const uris = '> "<img src=x onerror=alert(1)>"; > __proto__; > "a b?c#d%2e"';
    await deploy(marathonOf(lab), { id: '/hostile', cmd: `cat '${file}'; ${uris}; sleep 1000` });
    await page.click('nav >> text=Tasks');
    await page.click('td a:has-text("hostile")');
    await page.waitForSelector('pre:has-text("the end")');
    expect((await page.locator('pre').first().textContent())?.length).toBeLessThan(300_000);
    for (const name of [image, '__proto__', 'a b?c#d%2e']) {
      await page.click(`button:has-text(${JSON.stringify(name)}), a:has-text(${JSON.stringify(name)})`);
      await page.waitForSelector(`text=empty so far`);
    }
    await picture(page, 'hostile-sandbox');
    const { faults } = await crawl(page, 6, () => Promise.resolve([]));
    expect(faults).toEqual([]);
  }, 120_000);
});
