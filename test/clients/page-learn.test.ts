import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { TestLab } from '../end-to-end/lab-process.ts';
import { requireTool } from '../support/require-tool.ts';
import { image, writeCourse } from './learn-course.ts';
import { axeFinds, openPage, picture } from './page-browser.ts';
import { crawl } from './page-crawl.ts';

/** Somebody begins the second lesson of a course of his own in a terminal. */
async function inTerminal(lab: TestLab) {
  const begun = await lab.run('learn', 'start', '2', '--lessons', writeCourse(lab.directory));
  expect([begun.status, begun.stderr]).toEqual([0, expect.any(String)]);
}

const says = (page: Page, text: string) => page.waitForSelector(`.lesson [role=status]:text-is("${text}")`);
const press = (page: Page, name: string) => page.click(`.lesson button:has-text("${name}")`);

/** The reader comes back to the window. */
const comeBack = (page: Page) => page.evaluate(`dispatchEvent(new Event('focus'))`);

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('lessons on the page of a lab', () => {
  test('stand beside the cluster, and go on where the terminal left them', async () => {
    const { lab, page } = await openPage('timing: fast\n');
    await inTerminal(lab);
    await page.click('nav >> text=Learn');
    await page.waitForSelector('text=0 of 2 lessons done.');
    await page.click('button[aria-label="Start: A first app"]');
    await page.waitForSelector('.lesson h2:has-text("1. A first app"):focus');
    await says(page, '0 of 2 reached.');
    await press(page, 'Check');
    await page.waitForSelector('.checks .next .seen:has-text("/learn/hello")');
    await press(page, 'Hint (2 left)');
    await page.waitForSelector('.hints code:text-is("npm run deploy -- learn/01/hello.json")');
    await page.click('nav >> text=Apps');
    await press(page, 'Solve it for me');
    await says(page, '1 of 2 reached.');
    await page.waitForSelector('main a:has-text("learn")');
    // The rest is done by keys.
    await page.focus('input[type=radio]');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.seen:has-text("\\"a master\\" is not right")');
    await picture(page, 'learn-answer');
    await page.focus('input[type=radio]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await says(page, 'All of it is reached.');
    const list = JSON.parse((await lab.run('learn', '--json')).stdout) as { readonly lessons: readonly object[] };
    expect(list.lessons[0]).toMatchObject({ name: '01-first', reached: 'done' });
    expect((await lab.run('learn', 'reset')).status).toBe(0);
    await comeBack(page);
    await says(page, '0 of 2 reached.');
    await page.reload();
    await says(page, '0 of 2 reached.');
    await press(page, 'Reset');
    await page.click('dialog >> button.first');
    await page.waitForSelector('.lesson [role=status]:has-text("Putting it back")');
    await says(page, '0 of 2 reached.');
    await press(page, 'Next lesson');
    await page.waitForSelector('.lesson h2:has-text("2. <img"):focus');
    await press(page, 'Close');
    expect(await page.locator('.lesson').count()).toBe(0);
  }, 180_000);

  test('are text, whoever wrote them, and fit beside everything', async () => {
    const { lab, page } = await openPage();
    await inTerminal(lab);
    await page.click('nav >> text=Learn');
    await page.click(`button:text-is("Show")`);
    await page.waitForSelector(`.lesson p:has-text("<script>alert(1)</script>")`);
    await press(page, 'Hint');
    await page.waitForSelector('.hints');
    await page.check(`label:has-text("${image}") input`);
    const links = await page.evaluate(
      `[...document.querySelectorAll('.lesson a')].map((each) => each.getAttribute('href'))`,
    );
    expect(links).toEqual(['http://127.0.0.1:1/good', '#/agents']);
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `learn-hostile-${String(width)}`);
      const { faults } = await crawl(page, 4, () => axeFinds(page));
      expect([width, ...faults]).toEqual([width]);
    }
  }, 180_000);

  test('can be read by everybody, done by who has the token, and say what is wrong', async () => {
    const { lab, page, url } = await openPage();
    await inTerminal(lab);
    const begun = await lab.run('learn', 'start', '1');
    expect(begun.status).toBe(0);
    await page.click('nav >> text=Learn');
    await page.click(`button:text-is("Show")`);
    await says(page, '0 of 2 reached.');
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 1280],
      ['light', 390],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const view of ['Learn', 'Overview']) {
        await page.click(`nav >> text=${view}`);
        expect([width, ...(await axeFinds(page))]).toEqual([width]);
        await picture(page, `learn-${view}-${colorScheme}-${String(width)}`);
      }
    }
    const other = await page.context().browser()?.newPage();
    await other?.goto(`${new URL(url).origin}/#/learn`);
    await other?.click(`button:text-is("Show")`);
    await other?.waitForSelector('.lesson:has-text("This page only shows")');
    for (const name of ['Check', 'Hint', 'Solve', 'Next', 'Reset'])
      expect(await other?.isDisabled(`.lesson button:has-text("${name}")`)).toBe(true);
    await lab.run('down');
    await press(page, 'Check');
    await page.waitForSelector(
      '.lesson [role=alert]:has-text("This lab does not run"):has-text("What to do: Start it")',
    );
  }, 180_000);
});
