import { describe, expect, test } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { axeFinds, openPage } from './page-browser.ts';

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('the settings on the page of a lab', () => {
  test('are by role, each with its value and its reason, and are found by words', async () => {
    const { page } = await openPage('counts:\n  masters: 3\n');
    await page.click('nav >> text=Settings');
    await page.waitForSelector('section[aria-label="mesos-agent"] .setting:has-text("MESOS_WORK_DIR")');
    expect(await axeFinds(page)).toEqual([]);
    await page.fill('input[type=search]', 'mesos_quorum');
    await page.waitForSelector('text=/^1 of \\d+ settings$/');
    expect(await page.textContent('section[aria-label="mesos-master"] .setting')).toMatch(
      /^MESOS_QUORUM2floor\(3\/2\)\+1 = 2: a majority .*Source: /,
    );
    await page.fill('input[type=search]', 'nothing has this');
    await page.waitForSelector('text=/^0 of \\d+ settings$/');
  }, 60_000);

  test('are shown, too, when the lab was taken down: they are of its plan', async () => {
    const { lab, page } = await openPage();
    await page.waitForSelector('nav >> text=Settings');
    await lab.run('down');
    await page.click('nav >> text=Settings');
    await page.waitForSelector('.setting:has-text("MARATHON_ZK")');
  }, 60_000);
});
