import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { testLab, type TestLab } from '../end-to-end/lab-process.ts';
import { watchTroubles } from './page-troubles.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Kept of each run, for whoever looks at it (.github/workflows/ci.yml); nothing of the repository. */
const pictures = fileURLToPath(new URL('../../artifacts/page', import.meta.url));

/** Serves the page of a lab, until it is ended. */
export async function servePage(lab: TestLab, ...argv: readonly string[]) {
  const served = lab.start('page', ...argv);
  const url = await new Promise<string>((resolve) => {
    let said = '';
    served.stdout?.on('data', (text: Buffer) => {
      said += String(text);
      const found = /http:\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  const end = async () => {
    if (served.exitCode !== null) return;
    served.kill('SIGINT');
    await new Promise((resolve) => served.once('exit', resolve));
  };
  onTestFinished(end);
  return { url, end };
}

/** A page in a browser of its own, wide, and what goes wrong in it: nothing may, unless the test says so. */
export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  return { page, ...watchTroubles(page) };
}

/** A lab that runs, its page in a browser, and what went wrong in it. */
export async function openPage(spec = '') {
  const lab = await testLab(spec);
  expect((await lab.run('up')).status).toBe(0);
  const served = await servePage(lab);
  const opened = await openBrowser();
  await opened.page.goto(served.url);
  await opened.page.waitForSelector('.box, canvas');
  return { lab, ...served, ...opened };
}

/** Keeps what is seen now. */
export const picture = (page: Page, name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });

/** Rules of axe that the page breaks as it is shown now. */
export async function axeFinds(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<readonly { id: string }[]>('axe.run().then(({ violations }) => violations)');
  return found.map(({ id }) => id);
}

export const marathonOf = ({ ports }: TestLab) => `http://127.0.0.1:${ports.marathon}`;
