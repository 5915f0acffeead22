import { describe, expect, onTestFinished, test } from 'vitest';
import { servePage } from '../../pages/server/serve-page.ts';
import { fakeIndex, FakeRegistry } from '../checks/registry/fake-registry.ts';
import { requireTool } from '../support/require-tool.ts';
import { axeFinds, openBrowser, picture } from './page-browser.ts';

/** The page of a lab, of which nothing is there but a fake registry. */
async function openRegistry() {
  const fake = await new FakeRegistry().start();
  const one = fake.image({ layers: [['base', 70e6]], created: '2026-11-30T05:47:00Z' });
  fake.push('shop/web', '1', one);
  fake.push('shop/web', 'latest', one);
  fake.push('shop/api', '3', fake.image({ layers: [['api', 12e6]], created: '2026-11-29T05:47:00Z' }));
  const arm = fake.push('tools', undefined, fake.image({ architecture: 'arm64', layers: [['arm', 5e6]] }));
  const entries = [
    { digest: arm, architecture: 'arm64' },
    { digest: `sha256:${'0'.repeat(64)}`, architecture: 'amd64' },
  ];
  fake.push('tools', '2', fakeIndex(entries));
  const row = { role: 'registry', node: 'registry', state: 'running', isUp: true } as const;
  const { url, close } = await servePage({
    ...{ name: 'lab', port: 0, masters: () => [], marathons: () => [], agentUrl: () => '', now: Date.now },
    log: () => undefined,
    lookAtComponents: () => Promise.resolve(new Map([['registry', row]])),
    registry: (signal) => ({ registry: fake.registry(signal), address: 'registry:5000' }),
  });
  onTestFinished(close);
  const opened = await openBrowser();
  return { fake, url, ...opened };
}

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('the registry on the page of a lab', () => {
  test('shows what is in it, and removes an image with all of its tags', async () => {
    const { fake, url, page } = await openRegistry();
    await page.goto(url);
    await page.click('nav >> text=Registry');
    await page.waitForSelector('td:has-text("shop/web:latest")');
    expect(await page.textContent('tr:has-text("tools:2")')).toMatch(
      /5 MB.*linux\/arm64, linux\/amd64 \(1 manifest is missing\)/,
    );
    expect(await page.textContent('main')).toContain(
      '4 images, 87 MB together. Apps write registry:5000/ before a name.',
    );
    expect(await axeFinds(page)).toEqual([]);
    await picture(page, 'registry');
    await page.click('button[aria-label="Remove shop/web:1"]');
    await page.waitForSelector('dialog >> text=Remove shop/web:1, shop/web:latest from the registry?');
    await picture(page, 'registry-remove');
    await page.click('dialog >> text=Cancel');
    expect(fake.asked.filter((line) => line.startsWith('DELETE'))).toEqual([]);
    await page.click('button[aria-label="Remove shop/web:1"]');
    await page.click('dialog button.danger');
    await page.waitForSelector('td:has-text("shop/web")', { state: 'detached' });
    expect(fake.asked.filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
    expect(await page.textContent('main')).toContain('2 images');
  }, 60_000);

  test('shows why it refuses, and that it does not answer', async () => {
    const { fake, url, page, expectTrouble } = await openRegistry();
    await page.goto(url);
    await page.click('nav >> text=Registry');
    await page.waitForSelector('td:has-text("shop/api:3")');
    fake.answerTo = ({ method }, response) => {
      if (method !== 'DELETE') return false;
      response.writeHead(401).end();
      return true;
    };
    expectTrouble(/registry\/removal 502$/, /console: .*status of 502/);
    await page.click('button[aria-label="Remove shop/api:3"]');
    await page.click('dialog button.danger');
    await page.waitForSelector('dialog [role=alert]:has-text("secrets/registry")');
    await page.click('dialog >> text=Cancel');
    fake.answerTo = (_, response) => {
      response.destroy();
      return true;
    };
    // What was known last stays.
    await page.waitForSelector('main >> text=the registry does not answer', { timeout: 30_000 });
    await page.waitForSelector('td:has-text("shop/api:3")');
    await picture(page, 'registry-silent');
  }, 60_000);

  test('shows only, to who has no token', async () => {
    const { url, page } = await openRegistry();
    await page.goto(url.replace(/#.*/, ''));
    await page.click('nav >> text=Registry');
    await page.waitForSelector('td:has-text("shop/web:latest")');
    expect(await page.locator('button[aria-label^="Remove"]').count()).toBe(0);
  }, 60_000);
});
