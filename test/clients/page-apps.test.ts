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
    const { lab, page } = await openPage();
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
    const { lab, page } = await openPage();
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
});
