import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { testLab, type TestLab } from '../end-to-end/lab-process.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A lab that runs, its page in a browser, and what went wrong in it. */
export async function openPage(spec = '') {
  const lab = await testLab(spec);
  expect((await lab.run('up')).status).toBe(0);
  const served = lab.start('page');
  const url = await new Promise<string>((resolve) => {
    let said = '';
    served.stdout?.on('data', (text: Buffer) => {
      said += String(text);
      const found = /http:\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  onTestFinished(async () => {
    await browser.close();
    served.kill('SIGINT');
    await new Promise((resolve) => served.once('exit', resolve));
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('dialog', (dialog) => {
    troubles.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.waitForSelector('.box');
  return { lab, url, page, troubles };
}

/** Rules of axe that the page breaks as it is shown now. */
export async function axeFinds(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<readonly { id: string }[]>('axe.run().then(({ violations }) => violations)');
  return found.map(({ id }) => id);
}

export const marathonOf = ({ ports }: TestLab) => `http://127.0.0.1:${ports.marathon}`;
