import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { fetchRaw } from '../engine/scheduler-client.ts';
import { axeFinds, marathonOf, openPage } from './page-browser.ts';
import { crawl } from './page-crawl.ts';

const resources = { cpus: 0.1, mem: 16 };

const create = async (page: Page, definition: object) => {
  await page.click('nav >> text=Apps');
  await page.click('text=Create an app');
  await page.fill('textarea', JSON.stringify(definition));
  await page.click('dialog >> button.first');
};

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('the page of a lab', () => {
  test('deploys an app, scales it, shows what its tasks write, and finds its tasks again when an agent is lost', async () => {
    const { lab, page } = await openPage('timing: fast\n');
    const cmd = 'while true; do echo "<img src=x onerror=alert(1)>"; sleep 1; done';
    await create(page, { id: '/shop/web', cmd, cpus: 0.1, mem: 16, instances: 2 });
    await page.click('a:has-text("/shop/web")');
    await page.waitForSelector('text=2 of 2 running');
    await page.click('button:has-text("Scale")');
    await page.fill('input[type=number]', '4');
    await page.click('dialog >> button.first');
    await page.waitForSelector('text=4 of 4 running');
    await page.click('td a:has-text("web.shop")');
    // As it was written: text, and no picture that fails.
    await page.waitForSelector('pre:has-text("<img src=x onerror=alert(1)>")');
    await page.click('nav >> text=Overview');
    await page.waitForSelector('.box .dot.TASK_RUNNING');
    expect((await lab.run('kill', 'agent1')).status).toBe(0);
    await page.waitForSelector('.events >> text=agent1 is killed');
    await page.waitForSelector('.box.off:has-text("agent1"):has-text("killed")');
  }, 120_000);

  test('says what Marathon refuses, and asks before it destroys', async () => {
    const { lab, page, expectTrouble } = await openPage();
    expectTrouble(/\/v2\/apps.* (?:400|422)$/, /console: .*status of (?:400|422)/);
    await create(page, { id: '/x', cmd: 1 });
    await page.waitForSelector('[role=alert]:has-text("/cmd: error.expected.jsstring")');
    await page.fill('textarea', '{');
    await page.click('dialog >> button.first');
    await page.waitForSelector('[role=alert]:has-text("This is not JSON")');
    await page.fill('textarea', '{"id": "/x", "cmd": "sleep 100", "cpus": 0.1, "mem": 16}');
    await page.click('dialog >> button.first');
    await page.click('a:has-text("/x")');
    await page.click('button:has-text("Destroy")');
    expect((await fetch(`${marathonOf(lab)}/v2/apps/x`)).status).toBe(200);
    await page.click('dialog >> button.first');
    await expect.poll(async () => (await fetch(`${marathonOf(lab)}/v2/apps/x`)).status).toBe(404);
  }, 120_000);

  test('only shows without the token, and is refused to pages of others', async () => {
    const { lab, url, page } = await openPage();
    const { origin } = new URL(url);
    const change = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"id":"/y","cmd":"true"}',
    };
    expect((await fetch(`${origin}/page/marathon/v2/apps`, change)).status).toBe(403);
    const foreign = { headers: { Origin: 'http://evil.example' } };
    expect((await fetch(`${origin}/page/tasks`, foreign)).status).toBe(403);
    expect((await fetch(`${marathonOf(lab)}/v2/apps/y`)).status).toBe(404);
    const other = await page.context().browser()?.newPage();
    await other?.goto(`${origin}/#/apps`);
    await other?.waitForSelector('text=This page only shows');
    expect(await other?.locator('button:has-text("Create")').count()).toBe(0);
  }, 120_000);

  test('can be used by everybody: axe finds nothing in any view, in light and dark, wide and narrow', async () => {
    const { lab, page } = await openPage();
    const pod = { id: '/pod', containers: [{ name: 'c', exec: { command: { shell: 'sleep 100' } }, resources }] };
    const waiting = { id: '/a/waiting', cmd: 'sleep 100', cpus: 1000 };
    for (const [path, body] of [
      ['/v2/apps', { id: '/a/b/app', cmd: 'sleep 100', ...resources }],
      ['/v2/apps', waiting],
      ['/v2/pods', pod],
    ] as const) {
      expect((await fetchRaw(`${marathonOf(lab)}${path}`, { body })).status).toBe(201);
    }
    await page.waitForSelector('.dots .TASK_RUNNING');
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const { faults, seen } = await crawl(page, 40, () => axeFinds(page));
      expect([colorScheme, ...faults]).toEqual([colorScheme]);
      expect([...seen]).toEqual(expect.arrayContaining(['#/agents', '#/apps', '#/frameworks', '#/tasks', '#/roles']));
    }
  }, 180_000);
});
