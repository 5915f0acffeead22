import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../engine/load-balancer/balancer-support.ts';
import { fetchRaw } from '../engine/scheduler-client.ts';
import { requireTool } from '../support/require-tool.ts';
import { axeFinds, marathonOf, openPage, picture } from './page-browser.ts';

const server = 'require("http").createServer((_, answer) => answer.end("sold")).listen(process.env.PORT0)';

/** An app that is scaled, by a metric that is there from the first look at it on. */
const shop = (port: number, more: Readonly<Record<string, string>> = {}) => ({
  ...{ id: '/shop', cmd: `exec ${process.execPath} -e '${server}'`, cpus: 0.1, mem: 32, instances: 1 },
  portDefinitions: [{ port }],
  labels: {
    ...{ HAPROXY_GROUP: 'external', HAPROXY_0_MODE: 'http', AUTOSCALE_MAX: '3', AUTOSCALE_COOLDOWN: '1secs' },
    ...{ AUTOSCALE_METRIC: 'requests-per-second', AUTOSCALE_TARGET: '5', ...more },
  },
});

/** A sample is taken every twelve seconds, on a machine with nothing else to do. */
const until = { timeout: 90_000 };

/** A number that a chart says in its table. */
const said = (page: Page, chart: string, line: string, column: 'now' | 'least' | 'most') => {
  const cell = { now: 1, least: 2, most: 3 }[column];
  return page
    .locator(`table[aria-label="${chart}"] tr:has(th:text-is("${line}")) >> td >> nth=${cell - 1}`)
    .textContent();
};

/** As everybody sees it: in light and dark, wide and narrow. */
async function looks(page: Page, name: string): Promise<void> {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    expect([name, width, await axeFinds(page)]).toEqual([name, width, []]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await picture(page, `${name}-${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('the last hour on the page of a lab', () => {
  test('is drawn of cluster, agents and apps, goes on while it is seen, and has the steps of the autoscaler', async () => {
    const [metrics, autoscaler] = [await freePort(), await freePort()];
    const ports = `  metrics: ${metrics}\n  autoscaler: ${autoscaler}\n`;
    const { lab, page } = await openPage(
      `${ports}addons: [metrics, autoscaler]\nautoscale: { agents: { min: 1, max: 3 } }\ntiming: fast\n`,
    );
    const app = shop(lab.ports.services);
    expect((await fetchRaw(`${marathonOf(lab)}/v2/apps`, { body: app })).status).toBe(201);
    const wrong = { ...shop(lab.ports.services + 1, { AUTOSCALE_TARGET: 'much' }), id: '/wrong', instances: 0 };
    expect((await fetchRaw(`${marathonOf(lab)}/v2/apps`, { body: wrong })).status).toBe(201);
    const service = `http://127.0.0.1:${lab.ports.services}/`;
    await expect.poll(async () => (await fetchRaw(service, {})).status, until).toBe(200);
    const load = lab.start('load', service, '--rate', '40', '--for', '10m');
    onTestFinished(() => void load.kill('SIGINT'));

    await page.click('nav >> text=Last hour');
    const most = async () => Number(await said(page, 'Requests at the load balancer', 'all', 'most'));
    await page.waitForSelector('table[aria-label="Requests at the load balancer"]', until);
    await expect.poll(most, until).toBeGreaterThan(20);
    expect(await said(page, 'Components that answer', 'masters', 'now')).toBe('1');
    expect(await said(page, 'CPUs', 'total', 'most')).not.toBe('0');
    // It goes on, and is not drawn anew.
    await page.evaluate('globalThis.drawn = document.querySelector(".chart path.line")');
    const before = await page.evaluate('drawn.getAttribute("d")');
    await expect.poll(() => page.evaluate('drawn.getAttribute("d")'), until).not.toBe(before);
    expect(await page.evaluate('document.contains(drawn)')).toBe(true);
    // What was at a time is read by pointing there, in all charts at once.
    await page
      .locator('.plot svg')
      .first()
      .hover({ position: { x: 5, y: 20 } });
    await expect
      .poll(() => page.locator('table[aria-label=Tasks] th').nth(0).textContent())
      .toMatch(/^\d\d:\d\d:\d\d$/);
    await page.mouse.move(0, 0);
    await expect.poll(() => page.locator('table[aria-label=Tasks] th').nth(0).textContent()).toBe('Now');
    await looks(page, 'hour-cluster');

    await page.click('nav >> text=Autoscaler');
    await page.waitForSelector('table[aria-label^="What it decided"] tr:has-text("scaled from 1 to")', until);
    await page.waitForSelector('table[aria-label=Autoscaler] tr:has-text("/shop"):has-text("1 to 3")');
    await page.waitForSelector('section:has-text("/wrong") >> text=/AUTOSCALE_TARGET .*found: much/');
    await page.waitForSelector('section[aria-label="Agents of the lab"]:has-text("they stay 2"):has-text("1 to 3")');
    await looks(page, 'autoscaler');

    await page.click('table[aria-label=Autoscaler] >> text=/shop');
    await page.waitForSelector('section[aria-label=Autoscaler]:has-text("5 requests a second of an instance")');
    await page.click('nav.tabs >> text=Last hour');
    await page.waitForSelector('.chart:has-text("Instances") path.mark', { state: 'attached', ...until });
    await page.click('summary:has-text("of the autoscaler")');
    await page.waitForSelector('li:has-text("from 1 to"):has-text("requests-per-second")');
    await expect.poll(most, until).toBeGreaterThan(20);
    await looks(page, 'hour-app');

    await page.click('nav >> text=Agents');
    await page.click('table[aria-label=Agents] >> td a >> nth=0');
    await page.waitForSelector('.chart:has-text("Given away")');
    expect(await said(page, 'Given away', 'CPUs', 'now')).toMatch(/^\d+ %$/);

    // What was known stays when nobody tells more.
    expect((await lab.run('kill', 'metrics', 'autoscaler')).status).toBe(0);
    await page.waitForSelector('text=The exporter of metrics does not answer');
    expect(await page.locator('.chart').count()).toBeGreaterThan(0);
    await page.click('nav >> text=Autoscaler');
    await page.waitForSelector('text=The autoscaler does not answer');
  }, 400_000);

  test('says how to get it where the add-on is not', async () => {
    const { page } = await openPage();
    await page.waitForSelector('nav >> text=Last hour');
    expect(await page.locator('nav >> text=Autoscaler').count()).toBe(0);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.click('nav >> text=Last hour');
    await page.waitForSelector('main code:text-is("addons: [metrics]")');
    expect(await axeFinds(page)).toEqual([]);
    expect(asked.filter((path) => path === '/page/hour')).toEqual([]);
  }, 60_000);
});
