import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { testLab } from '../end-to-end/lab-process.ts';
import { marathonOf, openBrowser, openPage, servePage } from './page-browser.ts';

/** Dots of a machine's box, by what they are said to be. */
const dotsOf = async (page: Page, agent: string) => {
  const dots = await page.locator(`.box:has(.agent-name:has-text("${agent}")) .dots a`).all();
  return Promise.all(dots.map((dot) => dot.getAttribute('aria-label')));
};

const boxNames = (page: Page) => page.locator('.box .agent-name').allTextContents();

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('the picture of a lab', () => {
  test('a task moves from an agent that was killed to the one that runs it instead, and every box stays in its place', async () => {
    const { lab, page, troubles } = await openPage('timing: fast\n');
    const body = JSON.stringify({ id: '/shop/web', cmd: 'sleep 1000', cpus: 0.1, mem: 16, instances: 4 });
    const headers = { 'Content-Type': 'application/json' };
    expect((await fetch(`${marathonOf(lab)}/v2/apps`, { method: 'POST', headers, body })).status).toBe(201);
    await page.waitForSelector('.legend li:has-text("web.shop 4")');
    const names = await boxNames(page);
    // What moves is seen by the animations that are asked for.
    await page.evaluate(`{
      globalThis.moved = [];
      const { animate } = Element.prototype;
      Element.prototype.animate = function (frames, options) {
        if (JSON.stringify(frames).includes('translate')) moved.push(this.dataset.task);
        return animate.call(this, frames, options);
      };
    }`);
    expect((await lab.run('kill', 'agent1')).status).toBe(0);
    await page.waitForSelector('.box.off:has-text("agent1"):has-text("killed")');
    expect((await boxNames(page)).length).toBe(names.length);
    await expect.poll(() => page.evaluate('moved.length'), { timeout: 30_000 }).toBeGreaterThan(0);
    await expect
      .poll(async () => (await dotsOf(page, 'agent2')).filter((said) => said === 'web.shop: running'))
      .not.toEqual([]);
    await page.waitForSelector('.events li:has-text("agent1 is killed")');
    expect(troubles).toEqual([]);
  }, 120_000);

  test('a cluster that is down stays as it was known, with since when and why, and is said to be back', async () => {
    const { lab, page } = await openPage('timing: fast\n');
    const { port } = new URL((await page.locator('.components a').first().getAttribute('href')) ?? '');
    expect((await lab.run('stop')).status).toBe(0);
    await page.waitForSelector(
      '.note.bad:has-text("Leading master"):has-text("Lost since"):has-text("Asked again and again")',
    );
    await page.waitForSelector('.stale .box:has-text("agent1")');
    expect((await lab.run('start')).status).toBe(0);
    await page.waitForSelector('.note.good:has-text("All is followed again")');
    await page.waitForSelector(`.events li:has-text("The new leading master is http://127.0.0.1:${port}, after")`);
    expect(await page.locator('.stale').count()).toBe(0);
  }, 120_000);

  test('many agents are a grid that keys move over, and an event line stands still while it is read', async () => {
    const lab = await testLab('timing: fast\nsimulatedAgents:\n  count: 60\n');
    expect((await lab.run('up', '--runtime', 'embedded')).status).toBe(0);
    const { url } = await servePage(lab);
    const { page, troubles } = await openBrowser();
    await page.goto(url);
    await page.waitForSelector('.groups canvas');
    const canvas = page.locator('canvas').first();
    await canvas.focus();
    const said = page.locator('.under-cursor').first();
    const first = await said.textContent();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => said.textContent()).not.toBe(first);
    await page.keyboard.press('Enter');
    await page.waitForSelector('main h2');
    expect(new URL(page.url()).hash).toMatch(/^#\/agents\/./);
    expect(troubles).toEqual([]);
  }, 120_000);
});
