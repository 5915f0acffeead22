import type { Page, Request } from 'playwright-core';
import { expect } from 'vitest';

/** What of a view is not as it must be: nothing of a cluster may become markup or a foreign link, or break its layout. */
const faultsOfView = `(() => {
  const faults = [];
  const element = document.querySelector('img, iframe, object, embed, form[action], base, script:not([src="/page/page.js"])');
  if (element !== null) faults.push('markup: ' + element.outerHTML.slice(0, 200));
  for (const each of document.querySelectorAll('*')) {
    const handler = [...each.attributes].find(({ name }) => name.startsWith('on'));
    if (handler !== undefined) faults.push('handler: ' + handler.name + '=' + handler.value);
  }
  for (const { href } of document.querySelectorAll('a')) {
    if (!/^https?:\\/\\/127\\.0\\.0\\.\\d+[:/]/.test(href)) faults.push('link: ' + href);
  }
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) faults.push('wider than the window by ' + over);
  return faults;
})()`;

const isDrawn = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';
const linksOfView = `[...document.querySelectorAll('a')].map((each) => each.getAttribute('href') ?? '')`;

/**
 * Opens each view, and each that they lead to, as a reader does.
 * @param most of them, so that a large cluster has an end
 * @returns what is wrong, by view
 */
export async function crawl(page: Page, most: number, look: (view: string) => Promise<readonly string[]>) {
  const pending = new Set<Request>();
  const done = (request: Request) => void pending.delete(request);
  page.on('request', (request) => {
    if (!request.url().endsWith('/page/changes')) pending.add(request);
  });
  page.on('requestfinished', done).on('requestfailed', done);
  const seen = new Set(['#/overview']);
  const faults: string[] = [];
  for (const view of seen) {
    await page.evaluate(`location.hash = ${JSON.stringify(view)}`);
    await page.waitForSelector('main > *');
    await expect.poll(() => pending.size, { timeout: 10_000 }).toBe(0);
    await page.evaluate(isDrawn);
    const found = [...(await page.evaluate<readonly string[]>(faultsOfView)), ...(await look(view))];
    faults.push(...found.map((fault) => `${view}: ${fault}`));
    const links = await page.evaluate<readonly string[]>(linksOfView);
    for (const link of links) if (link.startsWith('#/') && seen.size < most) seen.add(link);
  }
  return { faults, seen };
}
