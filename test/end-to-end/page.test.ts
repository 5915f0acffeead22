import { request } from 'node:http';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endOf, testLab, type TestLab } from './lab-process.ts';

/** `page`, until the test is over: where it is, and the process. */
async function served(lab: TestLab, ...flags: readonly string[]) {
  const process = lab.start('page', '--json', ...flags);
  const ended = endOf(process);
  const first = new Promise<string>((resolve) =>
    process.stdout?.once('data', (text: Buffer) => {
      resolve(String(text));
    }),
  );
  const said = await Promise.race([first, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  onTestFinished(async () => {
    process.kill('SIGINT');
    await ended;
  });
  return { url: new URL((JSON.parse(said) as { url: string }).url), process, ended };
}

const pageOf = async (lab: TestLab) =>
  new URL((JSON.parse((await lab.run('status', '--json')).stdout) as { page: string }).page);

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A status: of fetch nobody may set Host. */
const ask = (url: URL, path: string, { method = 'GET', headers = {}, body }: Asked = {}) =>
  new Promise<number>((resolve, reject) => {
    const asked = request(new URL(path, url), { method, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(body);
  });

const json = { 'Content-Type': 'application/json' };
const app = '{"id":"/web","cmd":"sleep 100","cpus":0.1,"mem":16}';

/** What the page tells, from its start on. */
async function* told(url: URL): AsyncGenerator<string> {
  const answer = await fetch(new URL('/page/changes', url), { headers: { 'Accept-Encoding': 'identity' } });
  let text = '';
  for await (const chunk of answer.body ?? []) yield (text += Buffer.from(chunk as Uint8Array).toString());
}

/** Waits until all of what the page has told since it was asked fits. */
async function untilTold(url: URL, pattern: RegExp): Promise<void> {
  for await (const text of told(url)) if (pattern.test(text)) return;
  throw new Error(`the page has ended before it told ${String(pattern)}`);
}

describe('the page that a lab in one process serves itself', () => {
  test('is named by up and status, shows the lab whatever of it is killed, and ends with it', async () => {
    const lab = await testLab('preset: ha\n');
    const up = await lab.run('up', '--json');
    const url = new URL((JSON.parse(up.stdout) as { page: string }).page);
    expect(url.hash).toMatch(/^#token=[\w-]{32}$/);
    expect(await pageOf(lab)).toEqual(url);
    expect(statSync(join(lab.directory, '.mesos-cluster/run/page.url')).mode & 0o777).toBe(0o600);
    expect((await lab.run('status')).stdout).toContain(`Its page: ${url.href}\n`);
    expect((await lab.run('kill', 'master1')).status).toBe(0);
    await untilTold(url, /"master1":\{"role":"mesos-master","node":"master1","state":"killed"/);
    await untilTold(url, /"master":\{"state":"following","url":"[^"]*"/);
    expect((await lab.run('down')).status).toBe(0);
    await expect(ask(url, '/')).rejects.toThrow('ECONNREFUSED');
  }, 60_000);

  test('lets nobody change anything who does not know the token, nor a page of somebody else see anything', async () => {
    const lab = await testLab();
    await lab.run('up');
    const url = await pageOf(lab);
    const token = { 'X-Page-Token': url.hash.slice('#token='.length) };
    const create = (headers: Readonly<Record<string, string>>) =>
      ask(url, '/page/marathon/v2/apps', { method: 'POST', headers, body: app });
    expect(await create(json)).toBe(403);
    expect(await create({ ...json, 'X-Page-Token': 'x'.repeat(32) })).toBe(403);
    expect(await create({ ...json, ...token, Origin: 'http://evil.example' })).toBe(403);
    expect(await create({ ...json, ...token, Host: 'evil.example' })).toBe(403);
    // What a form of another page could send is no JSON.
    expect(await create({ 'Content-Type': 'text/plain', ...token })).toBe(415);
    expect(await ask(url, '/page/settings', { headers: { Host: 'evil.example' } })).toBe(403);
    expect(await ask(url, '/page/changes', { headers: { Origin: 'http://evil.example' } })).toBe(403);
    expect(await create({ ...json, ...token })).toBe(201);
    const run = join(lab.directory, '.mesos-cluster/run');
    const logs = ['daemon.log', ...readdirSync(join(run, 'logs')).map((name) => `logs/${name}`)];
    for (const name of logs) expect(readFileSync(join(run, name), 'utf8')).not.toContain(token['X-Page-Token']);
  }, 60_000);

  test('says of each setting what it is, why, and where that is from', async () => {
    const lab = await testLab();
    await lab.run('up');
    const settings: unknown = await (await fetch(new URL('/page/settings', await pageOf(lab)))).json();
    expect(settings).toContainEqual({
      name: 'MESOS_QUORUM',
      role: 'mesos-master',
      values: [{ value: '1', components: ['master1'] }],
      why: expect.stringContaining('majority') as unknown,
      source: expect.stringMatching(/./) as unknown,
    });
  }, 60_000);
});

describe('lessons on the page that a lab serves itself', () => {
  test('are begun and checked, whatever the terminal does', async () => {
    const lab = await testLab();
    await lab.run('up');
    const url = await pageOf(lab);
    const read = async () => (await fetch(new URL('/page/learn', url))).json();
    expect(await read()).toMatchObject({ current: null, problems: [] });
    const headers = { ...json, 'X-Page-Token': url.hash.slice('#token='.length) };
    const act = async (action: object) => {
      const options = { method: 'POST', headers, body: JSON.stringify(action) };
      return (await fetch(new URL('/page/learn', url), options)).json();
    };
    expect(await act({ do: 'check' })).toMatchObject({ problems: [{ message: 'No lesson was started yet' }] });
    expect(await act({ do: 'start', lesson: '1' })).toMatchObject({
      problems: [],
      lesson: {
        reached: '0 of 3',
        text: expect.arrayContaining([expect.objectContaining({ kind: 'heading' })]) as unknown,
      },
    });
    const solved = await act({ do: 'solve' });
    expect(solved).toMatchObject({ problems: [], lesson: { reached: '1 of 3' } });
    expect((await lab.run('learn', 'hint')).status).toBe(0);
    expect(await read()).toMatchObject({
      lesson: { checks: [{}, { hints: 1, hintTexts: [[{ kind: 'paragraph' }]] }, {}] },
    });
  }, 60_000);
});

describe('page', () => {
  test('goes on when the lab ends, and finds it when it is started again', async () => {
    const lab = await testLab();
    expect(await lab.run('page')).toMatchObject({
      status: 5,
      stderr: expect.stringContaining('LAB_NOT_RUNNING') as unknown,
    });
    await lab.run('up');
    const { url } = await served(lab);
    await untilTold(url, /"state":"following"/);
    const lost = untilTold(url, /"master":\{"state":"lost"[^}]*"why":"[^"]/);
    await lab.run('down');
    await lost;
    const back = untilTold(url, /"kind":"master-leads"/);
    await lab.run('up');
    await back;
  }, 60_000);

  test('ends at Ctrl-C though pages are open, and says whose a port is', async () => {
    const lab = await testLab();
    await lab.run('up');
    const { url, process, ended } = await served(lab);
    const again = await lab.run('page', '--page-port', url.port);
    expect([again.status, again.stderr]).toEqual([3, expect.stringContaining('MACHINE_PORT_TAKEN')]);
    expect(again.stderr).toContain(`process ${String(process.pid)}`);
    await untilTold(url, /"state":"following"/);
    const open = untilTold(url, /never/);
    process.kill('SIGINT');
    await expect(open).rejects.toThrow(/./);
    expect(await ended).toMatchObject({ status: 0, stderr: '' });
  }, 60_000);

  test('shows a cluster by its URLs, and one that was adopted', async () => {
    const lab = await testLab();
    await lab.run('up');
    const [master, marathon] = [lab.ports.master, lab.ports.marathon].map((port) => `127.0.0.1:${String(port)}`);
    const byUrls = await served(lab, '--mesos', master ?? '', '--marathon', `http://${marathon ?? ''}`);
    await untilTold(byUrls.url, /"marathon":\{"state":"following"/);
    expect(await ask(byUrls.url, '/page/settings')).toBe(404);
    expect(await ask(byUrls.url, '/page/learn')).toBe(404);
    expect((await lab.run('adopt', `http://${master ?? ''}`, 'other')).status).toBe(0);
    const adopted = await served(lab, '--lab', 'other');
    await untilTold(adopted.url, /"role":"marathon","node":"[^"]*","state":"leads"/);
    expect(await ask(adopted.url, '/page/settings')).toBe(200);
    expect(await ask(adopted.url, '/page/learn')).toBe(200);
    expect((await lab.run('page', '--mesos', 'http://a:b@127.0.0.1:1')).stderr).not.toContain('a:b');
  }, 60_000);
});
