import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { marathonOf, openPage, picture, servePage } from './page-browser.ts';

const nginx = {
  ...{ id: '/shop/web', cpus: 0.1, mem: 32, instances: 2 },
  container: {
    type: 'DOCKER',
    docker: { image: 'nginx:1.27', network: 'BRIDGE', portMappings: [{ containerPort: 80, hostPort: 0 }] },
  },
  healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0, gracePeriodSeconds: 5, intervalSeconds: 1 }],
};

const open = (page: Page, view: string) => page.click(`nav >> text=${view}`);

async function deploy(page: Page, definition: object): Promise<void> {
  await open(page, 'Apps');
  await page.click('text=Create an app');
  await page.fill('textarea', JSON.stringify(definition, null, 2));
  await picture(page, 'deploying');
  await page.click('dialog >> button.first');
}

/** On which agents the tasks of an app run, as Marathon knows it. */
async function hostsOf(marathon: string, id: string): Promise<readonly string[]> {
  const { tasks } = (await (await fetch(`${marathon}/v2/apps${id}/tasks`)).json()) as {
    readonly tasks: readonly { readonly host: string; readonly state: string }[];
  };
  return tasks.filter(({ state }) => state === 'TASK_RUNNING').map(({ host }) => host);
}

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('a journey through the page of a lab', () => {
  test('opens each view, deploys nginx, scales it, follows a sandbox, loses an agent, and sees its tasks move', async () => {
    const { lab, page } = await openPage('timing: fast\n');
    for (const view of ['Agents', 'Apps', 'Frameworks', 'Tasks', 'Overview']) {
      await open(page, view);
      await page.waitForSelector(`nav a[aria-current=page]:has-text("${view}")`);
      await page.waitForSelector('main > *');
      await picture(page, `empty-${view.toLowerCase()}`);
    }
    await deploy(page, nginx);
    await page.click('a:has-text("/shop/web")');
    await page.waitForSelector('.summary:has-text("2 of 2 running"):has-text("2 healthy")');
    await picture(page, 'app');
    await page.click('button:has-text("Scale")');
    await page.fill('input[type=number]', '5');
    await picture(page, 'scaling');
    await page.click('dialog >> button.first');
    await page.waitForSelector('.summary:has-text("5 of 5 running"):has-text("5 healthy")');
    const cmd = 'i=0; while true; do i=$((i+1)); echo "line $i"; sleep 0.2; done';
    await deploy(page, { id: '/writer', cmd, cpus: 0.1, mem: 16 });
    await page.click('a:has-text("/writer")');
    await page.click('td a:has-text("writer")');
    await page.waitForSelector('pre:has-text("line 1")');
    // What it writes comes by itself, line after line.
    await page.waitForSelector('pre:has-text("line 20")');
    await picture(page, 'sandbox');
    await open(page, 'Overview');
    await page.waitForSelector('.dots .TASK_RUNNING[title^="web.shop"]');
    await picture(page, 'overview');
    const [lost = ''] = await hostsOf(marathonOf(lab), '/shop/web');
    const agent = lost === '127.0.0.1' ? 'agent1' : 'agent2';
    expect((await lab.run('kill', agent)).status).toBe(0);
    await page.waitForSelector(`.box.off:has-text("${agent}")`);
    await picture(page, 'agent-lost');
    await open(page, 'Apps');
    await page.click('a:has-text("/shop/web")');
    await page.waitForSelector('.summary:has-text("5 of 5 running"):has-text("5 healthy")');
    await expect.poll(() => hostsOf(marathonOf(lab), '/shop/web'), { timeout: 60_000 }).not.toContain(lost);
    await page.waitForSelector('.summary:has-text("5 of 5 running"):has-text("5 healthy")');
    await picture(page, 'tasks-moved');
  }, 180_000);

  test('paints many agents as squares, in the colours of light and dark', async () => {
    const { page } = await openPage('simulatedAgents:\n  count: 60\n');
    const corner = `[...document.querySelector('canvas').getContext('2d').getImageData(3, 3, 1, 1).data]`;
    await expect.poll(() => page.evaluate(corner)).toEqual([0xdf, 0xe6, 0xef, 255]);
    await picture(page, 'many-agents');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await page.waitForSelector('canvas');
    await expect.poll(() => page.evaluate(corner)).toEqual([0x2c, 0x34, 0x40, 255]);
  }, 60_000);

  test('follows the next master when the leading one is killed, and says so', async () => {
    const { lab, page } = await openPage('preset: ha\ntiming: fast\n');
    const leader = page.locator('.components li.leads:has-text("master")');
    const first = /master\d/.exec((await leader.textContent()) ?? '')?.[0] ?? '';
    expect((await lab.run('kill', first)).status).toBe(0);
    await page.waitForSelector('.events >> text=/The leading master .* is lost/');
    await picture(page, 'master-lost');
    await page.waitForSelector('.events >> text=/The new leading master is/');
    await page.waitForSelector(`.components li.leads:has-text("master"):not(:has-text("${first}"))`);
    expect(await page.locator('.note.bad').count()).toBe(0);
    await picture(page, 'master-leads');
  }, 120_000);

  test('keeps what it knows while its server is away, says so, and goes on when it is back', async () => {
    const { lab, page, url, end, expectTrouble } = await openPage();
    const { port } = new URL(url);
    expectTrouble(/page\/changes.*(?:REFUSED|INCOMPLETE|RESET|EMPTY)/, /console: Failed to load.*page\/changes/);
    await end();
    await page.waitForSelector('text=The server of this page does not answer');
    expect(await page.locator('.box').count()).toBeGreaterThan(0);
    await picture(page, 'server-away');
    const app = JSON.stringify({ id: '/meanwhile', cmd: 'sleep 1000', cpus: 0.1, mem: 16 });
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${marathonOf(lab)}/v2/apps`, { method: 'POST', headers, body: app });
    await servePage(lab, '--page-port', port);
    await page.waitForSelector('.dots [title^=meanwhile]');
    await page.waitForSelector('.note.good');
    expect(await page.locator('text=The server of this page does not answer').count()).toBe(0);
  }, 120_000);
});
