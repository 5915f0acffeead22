import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { testLab, type TestLab } from '../end-to-end/lab-process.ts';
import { subscribe } from '../engine/scheduler-client.ts';
import { requireTool } from '../support/require-tool.ts';
import { axeFinds, marathonOf, openBrowser, picture } from './page-browser.ts';

/** A lab that runs, and the page that its master has at its own root. */
async function openMaster(spec = '') {
  const lab = await testLab(`timing: fast\n${spec}`);
  expect((await lab.run('up')).status).toBe(0);
  const master = `http://127.0.0.1:${lab.ports.master}`;
  const opened = await openBrowser();
  await opened.page.goto(master);
  await opened.page.waitForSelector('.box');
  return { lab, master, ...opened };
}

const post = async (url: string, body: object) => {
  const headers = { 'Content-Type': 'application/json' };
  const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(status).toBeLessThan(300);
};

const run = (lab: TestLab, app: object) => post(`${marathonOf(lab)}/v2/apps`, { cpus: 0.1, mem: 16, ...app });

const open = async (page: Page, view: string) => {
  await page.click(`nav >> text=${view}`);
  await page.waitForSelector(`h2:has-text("${view}")`);
};

/** Whom the master has as its first agent. */
async function firstAgent(master: string): Promise<string> {
  const { slaves } = (await (await fetch(`${master}/slaves`)).json()) as { readonly slaves: readonly { id: string }[] };
  return slaves[0]?.id ?? '';
}

const reserved = (name: string, value: number) => ({
  ...{ type: 'SCALAR', name, scalar: { value } },
  reservations: [{ type: 'DYNAMIC', role: 'db', principal: 'me' }],
});

describe.skipIf(!requireTool('Chromium', ['chromium', '--version']))('the page of a master', () => {
  test('leads from a task to its sandbox, follows what it writes, finds in it, and keeps files of any name', async () => {
    const { lab, page } = await openMaster();
    const cmd = [
      '/bin/mkdir -p out/deep; echo "<script>alert(1)</script>" > "out/deep/<img src=x onerror=alert(1)>.html"',
      String.raw`printf "no text: \377\376\n"; echo to stderr >&2`,
      'i=0; while true; do i=$((i+1)); echo "line $i ü <b>"; sleep 0.2; done',
    ].join('\n');
    await run(lab, { id: '/writer', cmd, labels: { team: 'blue' } });
    await open(page, 'Tasks');
    await page.click('td a:text-is("writer")');
    await page.waitForSelector('dd:has-text("team=blue")');
    await page.waitForSelector('pre[aria-label=stdout]:has-text("no text: \uFFFD\uFFFD line 1 ü <b> line 2 ü <b>")');
    await page.waitForSelector('pre[aria-label=stdout]:has-text("line 20 ü <b>")');
    await page.waitForSelector('pre[aria-label=stderr]:has-text("to stderr")');
    await page.waitForSelector('table[aria-label=States] >> text=running');
    expect(await axeFinds(page)).toEqual([]);
    await picture(page, 'mesos-task');
    // Nothing of it is said twice, and nothing is left out.
    const text = (await page.textContent('pre[aria-label=stdout]')) ?? '';
    const lines = [...text.matchAll(/line (\d+)/g)].map(([, number]) => Number(number));
    expect(lines).toEqual(lines.map((_, index) => index + 1));
    await page.fill('input[aria-label="Find in stdout"]', 'LINE 7 ');
    await page.waitForSelector('mark.chosen:text-is("line 7 ")');
    await page.click('button:text-is("out/")');
    await page.click('button:text-is("deep/")');
    const name = '<img src=x onerror=alert(1)>.html';
    const [kept] = await Promise.all([page.waitForEvent('download'), page.click(`a[aria-label="Download ${name}"]`)]);
    expect(readFileSync(await kept.path(), 'utf8')).toBe('<script>alert(1)</script>\n');
    await page.click(`button:text-is("${name}")`);
    await page.waitForSelector('pre:has-text("<script>alert(1)</script>")');
    await page.click('nav[aria-label=Folders] >> text=Sandbox');
    await page.waitForSelector('button:text-is("out/")');
  }, 120_000);

  test('shows the sandboxes of completed tasks, of the tasks of a pod, and of their executor', async () => {
    const { lab, page, master } = await openMaster();
    await run(lab, { id: '/fails', cmd: 'echo last words; exit 3', backoffSeconds: 3600 });
    const container = (name: string) => ({
      name,
      exec: { command: { shell: `echo I am ${name}; sleep 1000` } },
      resources: { cpus: 0.1, mem: 32 },
    });
    await post(`${marathonOf(lab)}/v2/pods`, { id: '/duo', containers: [container('first'), container('second')] });
    await open(page, 'Tasks');
    await page.click('table[aria-label="Completed tasks"] >> a:text-is("fails")');
    await page.waitForSelector('pre:has-text("last words")');
    await page.waitForSelector('table[aria-label=States] >> text=Command exited with status 3');
    await picture(page, 'mesos-task-failed');
    await open(page, 'Tasks');
    await page.click('td a:text-is("second")');
    await page.waitForSelector('pre:has-text("I am second")');
    const { slaves } = (await (await fetch(`${master}/slaves`)).json()) as {
      readonly slaves: readonly { id: string }[];
    };
    await open(page, 'Agents');
    await page.fill('input[aria-label="Filter: Agents"]', 'no such agent');
    await page.waitForSelector('text=Nothing has that in it.');
    await page.fill('input[aria-label="Filter: Agents"]', (slaves[0]?.id ?? '').toUpperCase());
    await page.waitForSelector('table[aria-label=Agents][aria-rowcount="2"]');
    for (const { id } of slaves) {
      await page.goto(`${master}/#/agents/${encodeURIComponent(id)}`);
      await page.waitForSelector('h3:has-text("Executors")');
      const executor = page.locator('tr:has-text("instance-duo") >> a[aria-label^="Sandbox of"]');
      if ((await executor.count()) === 0) continue;
      await executor.click();
      await page.click('button:text-is("tasks/")');
      await page.click('button:has-text(".second.")');
      await page.click('button:text-is("stdout")');
      await page.waitForSelector('pre:has-text("I am second")');
      return;
    }
    throw new Error('no agent has the executor of the pod');
  }, 120_000);

  test('shows roles, offers, agents, frameworks and the master itself; axe finds nothing in any of them', async () => {
    const { lab, page, master } = await openMaster();
    const agent = await firstAgent(master);
    await run(lab, { id: '/web', cmd: 'sleep 1000', instances: 2 });
    // The framework below keeps whatever it is offered.
    await open(page, 'Tasks');
    await page.waitForSelector('table[aria-label="Active tasks"] >> :nth-match(a:text-is("web"), 2)');
    const quota = { role: 'dev', limits: { cpus: { value: 3 } } };
    await post(`${master}/api/v1`, { type: 'UPDATE_QUOTA', update_quota: { force: false, quota_configs: [quota] } });
    const reserve = { agent_id: { value: agent }, resources: [reserved('cpus', 0.5), reserved('disk', 64)] };
    await post(`${master}/api/v1`, { type: 'RESERVE_RESOURCES', reserve_resources: reserve });
    const holder = { name: '<i>holder</i>', roles: ['dev'], capabilities: [{ type: 'MULTI_ROLE' }], principal: 'me' };
    const { frameworkId } = await subscribe(master, { ...holder, webui_url: 'javascript:alert(1)' });
    const looks = async (view: string) => {
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 390],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        expect([view, width, await axeFinds(page)]).toEqual([view, width, []]);
        await picture(page, `mesos-${view}-${width}`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    };
    await open(page, 'Roles');
    await page.waitForSelector('tr:has-text("dev") >> text=3 CPUs');
    await page.waitForSelector('tr:has-text("db") >> text=0.5 CPUs, 64 MB disk');
    await looks('roles');
    await page.click('a:text-is("dev")');
    await page.waitForSelector('li:has-text("<i>holder</i>")');
    await looks('role');
    await open(page, 'Offers');
    await page.waitForSelector('tr:has-text("<i>holder</i>") >> text=/CPUs/');
    await looks('offers');
    await page.click('td a:text-is("<i>holder</i>")');
    await page.waitForSelector('dd:text-is("me")');
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    await looks('framework');
    await page.goto(`${master}/#/agents/${encodeURIComponent(agent)}`);
    await page.waitForSelector('tr:has-text("Reserved for db") >> text=64 MB');
    await page.waitForSelector('table[aria-label=Executors] >> text=/\\d of 0.1/');
    await looks('agent');
    const drain = { agent_id: { value: agent }, max_grace_period: { seconds: 1 } };
    await post(`${master}/api/v1`, { type: 'DRAIN_AGENT', drain_agent: drain });
    await page.waitForSelector('.note:has-text("It is drained by an operator")');
    await page.waitForSelector('h2 >> text=drained');
    await open(page, 'Agents');
    await looks('agents');
    await open(page, 'Frameworks');
    await looks('frameworks');
    await open(page, 'Tasks');
    await looks('tasks');
    await page.click('nav >> text=Master');
    await page.waitForSelector('table[aria-label=Frameworks] >> tr:has-text("active") >> td:text-is("2")');
    await page.click('summary:text-is("Flags")');
    await page.fill('input[aria-label="Filter: Flags"]', 'quorum');
    await page.waitForSelector('table[aria-label=Flags] >> code.value:text-is("1")');
    await page.click('summary:text-is("Log")');
    await page.waitForSelector(`pre:has-text("Subscribed framework ${frameworkId}")`);
    await looks('master');
  }, 180_000);

  test('puts agents in order by any column, rising and falling', async () => {
    const { page } = await openMaster('preset: ha\n');
    await open(page, 'Agents');
    const names = () => page.locator('tbody a').allTextContents();
    await page.click('th >> text=Name');
    await page.waitForSelector('th[aria-sort=ascending]:has-text("Name")');
    const rising = await names();
    expect(rising).toHaveLength(3);
    await page.click('th >> text=Name');
    await page.waitForSelector('th[aria-sort=descending]:has-text("Name")');
    expect(await names()).toEqual([...rising].reverse());
  }, 120_000);

  test('says of a task whose agent is gone that nobody has its files', async () => {
    const { lab, page } = await openMaster();
    await run(lab, { id: '/lost', cmd: 'sleep 1000' });
    await open(page, 'Tasks');
    await page.click('td a:text-is("lost")');
    await page.waitForSelector('dt:text-is("Agent") + dd a');
    await page.waitForSelector('h2 >> text=running');
    const host = await page.textContent('dt:text-is("Agent") + dd a');
    expect((await lab.run('kill', host === '127.0.0.1' ? 'agent1' : 'agent2')).status).toBe(0);
    await page.waitForSelector('.note:has-text("is not in the cluster (any more)")', { timeout: 60_000 });
    await picture(page, 'mesos-agent-gone');
    expect(await axeFinds(page)).toEqual([]);
  }, 120_000);

  test('asks for what no event tells only while a view of it is open and seen', async () => {
    const { page } = await openMaster();
    await page.clock.install();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open(page, 'Roles');
    await expect.poll(() => asked).toContain('/page/roles');
    await page.clock.runFor(10_000);
    await expect.poll(() => asked.filter((path) => path === '/page/roles').length).toBeGreaterThan(1);
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
    await page.clock.runFor(10_000);
    asked.length = 0;
    await page.clock.runFor(120_000);
    expect(asked).toEqual([]);
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: false })");
    await page.clock.runFor(10_000);
    await expect.poll(() => asked).toContain('/page/roles');
    await page.click('nav >> text=Agents');
    await page.clock.runFor(10_000);
    asked.length = 0;
    await page.clock.runFor(120_000);
    expect(asked).toEqual([]);
  }, 120_000);
});
