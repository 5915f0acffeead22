import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { axeFinds, marathonOf, openPage } from './page-browser.ts';

/** Opens the dialog for a new app, with this in it, and sends it. */
async function send(page: Page, json: string) {
  if ((await page.locator('dialog').count()) === 0) {
    await page.click('nav >> text=Apps');
    await page.click('text=Create an app');
  }
  await page.fill('textarea', json);
  await page.keyboard.press('Control+Enter');
}

/** Lines that are marked, with what is said of them. */
const marked = (page: Page) => page.locator('.json-editor li.wrong').allTextContents();

const caret = (page: Page) => page.evaluate<number>('document.activeElement.selectionStart');

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('apps in the page', () => {
  test('says what Marathon refuses at the field, goes there, and asks before what was typed is lost', async () => {
    const { lab, page, expectTrouble } = await openPage();
    expectTrouble(/\/v2\/apps.* (?:400|422)$/, /console: .*status of (?:400|422)/);
    const wrong =
      '{\n  "id": "/x",\n  "cmd": "sleep 100",\n  "cpus": -1,\n  "healthChecks": [\n    {"protocol": "X"}\n  ]\n}';
    await send(page, wrong);
    await page.waitForSelector('[role=alert]:has-text("/healthChecks(0)/protocol")');
    expect(await marked(page)).toEqual([expect.stringMatching(/"protocol": "X"}.*error\.unknown\.enum\.literal/s)]);
    expect(await caret(page)).toBe(wrong.indexOf('"protocol"'));
    await send(page, wrong.replace('"X"', '"TCP"'));
    await page.waitForSelector('[role=alert]:has-text("Refused (422)")');
    expect(await marked(page)).toEqual([expect.stringMatching(/"cpus": -1,.*less than/s)]);
    expect(await axeFinds(page)).toEqual([]);
    await send(page, '{\n  "id": "/x",\n}');
    await page.waitForSelector('[role=alert]:has-text("Line 2, column 13")');
    expect(await caret(page)).toBe('{\n  "id": "/x"'.length);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.click('text=Go on editing');
    expect(await page.inputValue('textarea')).toBe('{\n  "id": "/x",\n}');
    await page.keyboard.press('Escape');
    await page.click('text=Lose the changes');
    await page.waitForSelector('dialog', { state: 'detached' });
    expect((await fetch(`${marathonOf(lab)}/v2/apps/x`)).status).toBe(404);
  }, 120_000);

  test('offers force where a deployment is in the way, and only there', async () => {
    const { lab, page, expectTrouble } = await openPage();
    expectTrouble(/\/v2\/apps.* 409$/, /console: .*status of 409/);
    await send(page, '{"id": "/big", "cmd": "sleep 100", "cpus": 1000, "mem": 16}');
    await page.click('a:has-text("/big")');
    await page.click('button:has-text("Scale")');
    await page.fill('input[type=number]', '2');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]:has-text("App is locked by one or more deployments")');
    await page.click('text=Force it');
    await page.waitForSelector('dialog', { state: 'detached' });
    await send(page, '{"id": "/big", "cmd": "sleep 100"}');
    await page.waitForSelector('[role=alert]:has-text("already exists")');
    expect(await page.locator('text=Force it').count()).toBe(0);
    const { app } = (await (await fetch(`${marathonOf(lab)}/v2/apps/big`)).json()) as { app: { instances: number } };
    expect(app.instances).toBe(2);
  }, 120_000);

  test('has groups as a tree, sums them up, scales and destroys them', async () => {
    const { lab, page } = await openPage();
    const sleeps = { cmd: 'sleep 1000', cpus: 0.1, mem: 16 };
    const group = {
      id: '/shop',
      apps: [{ id: 'web', ...sleeps }],
      groups: [{ id: 'db', dependencies: ['/shop/web'], apps: [{ id: 'main', ...sleeps }] }],
    };
    await send(page, JSON.stringify(group));
    await page.waitForSelector('tr:has-text("/shop/"):has-text("2 of 2")');
    await page.click('button[aria-label="What is in /shop/db/"]');
    await page.waitForSelector('a:has-text("/shop/db/main")', { state: 'detached' });
    await page.fill('input[type=search]', 'main');
    await page.click('a:has-text("/shop/db/main")');
    await page.click('nav[aria-label="Where this is"] >> text=db');
    await page.waitForSelector('text=Starts after');
    expect(await axeFinds(page)).toEqual([]);
    await page.click('nav[aria-label="Where this is"] >> text=shop');
    await page.click('text=Scale all by a factor');
    await page.waitForSelector('text=2 instances now, about 4 then');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=2 apps, 4 of 4 running');
    await page.click('text=Destroy the group');
    await page.waitForSelector('dialog:has-text("2 apps go, with 4 instances"):has-text("/shop/db/main")');
    expect(await axeFinds(page)).toEqual([]);
    await page.click('dialog >> button:has-text("Destroy")');
    await expect.poll(async () => (await fetch(`${marathonOf(lab)}/v2/groups/shop`)).status).toBe(404);
  }, 120_000);

  test('shows the instances of an app, kills one, compares its versions, and rolls back', async () => {
    const { lab, page } = await openPage();
    const app = { id: '/x', cmd: 'sleep 1000', cpus: 0.1, mem: 16, instances: 2 };
    const healthChecks = [{ protocol: 'COMMAND', command: { value: 'true' }, intervalSeconds: 1, delaySeconds: 0 }];
    await send(page, JSON.stringify({ ...app, healthChecks }));
    await page.click('a:has-text("/x")');
    await page.waitForSelector('td >> text=healthy');
    await page.waitForSelector('text=2 of 2 running');
    await page.waitForSelector('td >> text=/127\\.0\\.0\\.\\d/');
    expect(await axeFinds(page)).toEqual([]);
    const label = (await page.locator('td button').first().getAttribute('aria-label')) ?? '';
    await page.locator('td button').first().click();
    await page.check('dialog >> input[type=checkbox]');
    await page.click('dialog >> text=Kill and scale down');
    await page.waitForSelector('text=1 of 1 running');
    await page.waitForSelector(`[aria-label="${label}"]`, { state: 'detached' });
    await page.click('button:has-text("Edit")');
    const text = await page.inputValue('textarea');
    await page.fill('textarea', text.replace('sleep 1000', 'sleep 2000'));
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.click('text=Configuration');
    await page.waitForSelector('td >> text=sleep 2000');
    expect(await axeFinds(page)).toEqual([]);
    await page.click('nav >> text=Versions');
    await page.locator('td button').last().click();
    await page.waitForSelector('.diff .removed:has-text("sleep 1000")');
    await page.waitForSelector('.diff .added:has-text("sleep 2000")');
    expect(await axeFinds(page)).toEqual([]);
    await page.click('text=Roll back to it');
    await page.click('dialog >> button:has-text("Roll back to it")');
    const command = async () => {
      const { app: now } = (await (await fetch(`${marathonOf(lab)}/v2/apps/x`)).json()) as { app: { cmd: string } };
      return now.cmd;
    };
    await expect.poll(command).toBe('sleep 1000');
  }, 120_000);

  test('says why nothing starts, tries at once what is delayed, and stops deployments', async () => {
    const { lab, page } = await openPage();
    await send(page, '{"id": "/big", "cmd": "sleep 100", "cpus": 1000, "mem": 16}');
    await page.click('a:has-text("/big")');
    await page.waitForSelector('tr:has-text("had too few CPUs"):has-text("1000 CPUs")');
    expect(await axeFinds(page)).toEqual([]);
    await page.click('text=its steps');
    await page.waitForSelector('li.now:has-text("ScaleApplication"):has-text("0 of 1 running")');
    expect(await axeFinds(page)).toEqual([]);
    await page.click('button:has-text("Stop")');
    await page.click('dialog >> button:has-text("Stop")');
    await page.waitForSelector('text=This deployment is over.');
    expect((await fetch(`${marathonOf(lab)}/v2/apps/big`)).status).toBe(200);
    await send(page, '{"id": "/fails", "cmd": "exit 3", "cpus": 0.1, "mem": 16, "backoffSeconds": 3600}');
    await page.click('a:has-text("/fails")');
    await page.waitForSelector('text=/the next attempt is in \\d+ s/');
    await page.waitForSelector('.note.bad:has-text("Command exited with status 3"):has-text("its sandbox")');
    const [ended] = await Promise.all([page.waitForResponse('**/v2/queue/fails/delay'), page.click('text=Try now')]);
    expect(ended.status()).toBe(204);
    await page.click('.note.bad >> text=its sandbox');
    await page.waitForSelector('pre[aria-label=stdout]');
  }, 120_000);

  test('shows a pod with its containers, and scales it', async () => {
    const { page } = await openPage();
    const container = (name: string) => ({
      ...{ name, exec: { command: { shell: 'sleep 1000' } }, resources: { cpus: 0.1, mem: 16 } },
    });
    await send(page, JSON.stringify({ id: '/pod', containers: [container('one'), container('two')] }));
    await page.click('a:has-text("/pod")');
    await page.waitForSelector('tr:has-text("two"):has-text("running")');
    expect(await axeFinds(page)).toEqual([]);
    await page.click('button:has-text("Scale")');
    await page.fill('input[type=number]', '2');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=2 of 2 running');
  }, 120_000);

  test('begins at the own port of Marathon with what Marathon has', async () => {
    const { lab, page } = await openPage();
    await page.goto(`${marathonOf(lab)}/ui/`);
    await page.click('text=Create an app');
    await page.click('text=a pod');
    expect(JSON.parse(await page.inputValue('textarea'))).toMatchObject({ id: '/pod' });
  }, 120_000);
});
