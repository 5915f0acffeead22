import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSpec } from '../../planning/spec-text/load-spec.ts';
import {
  fakeServer,
  leadingMaster,
  listedAgent,
  marathonInfo,
  masterFlags,
  redirectTo,
  standbyMaster,
  type FakeAnswer,
} from './fake-foreign-cluster.ts';
import { filesIn, folderWith, runFake, temporaryFolder } from './fake-context.ts';

/** The spec in a folder, read back, with its text. */
function specIn(folder: string, lab: string) {
  const text = filesIn(folder).get(`${lab}/mesos-cluster.yaml`) ?? '';
  return { text, ...readSpec(new TextEncoder().encode(text), 'mesos-cluster.yaml') };
}

const esc = '\u001b';

describe('adopt', () => {
  it('describes three masters beside their ZooKeepers, their agents, Marathon and load balancer', async () => {
    const folder = temporaryFolder();
    const marathon = await fakeServer({ '/v2/info': marathonInfo(), '/v2/leader': { leader: '127.0.0.1:1' } });
    const balancer = await fakeServer({ '/_haproxy_health_check': {} });
    const zk = 'zk://127.0.0.2:2181,127.0.0.3:2181,127.0.0.4:2181/production/mesos';
    const agents = [
      listedAgent('127.0.0.5', '127.0.0.5', { attributes: { rack: 'abc', level: 10.0, keys: '[1000-1500]' } }),
      listedAgent('127.0.0.6', '127.0.0.6', {
        reserved_resources: { web: { cpus: 1.0, mem: 0.0, ports: '[80-80, 443-443]' } },
      }),
    ];
    const frameworks = [
      { id: 'F-1', name: 'marathon', active: true, webui_url: marathon.url },
      { id: 'F-2', name: 'chronos', active: true, webui_url: 'http://127.0.0.1:1' },
    ];
    const flags = (ip: string) => ({ quorum: '2', zk, ip, hostname: ip });
    const first = await fakeServer({}, { host: '127.0.0.2' });
    const { port } = first;
    const own = { port: String(port) };
    // A standby is named; the leader and the third are found.
    await fakeServer(
      leadingMaster(`//127.0.0.3:${port}`, { flags: { ...flags('127.0.0.3'), ...own }, agents, frameworks }),
      {
        host: '127.0.0.3',
        port,
      },
    );
    await fakeServer(standbyMaster(`//127.0.0.3:${port}`, { ...flags('127.0.0.4'), ...own }), {
      host: '127.0.0.4',
      port,
    });
    const argv = ['adopt', `http://127.0.0.4:${port}`, 'prod', '--lb', balancer.url];
    const { exitCode, stderr } = await runFake(argv, { cwd: folder });
    expect(exitCode, stderr).toBe(0);
    const { spec, problems } = specIn(folder, 'prod');
    expect(problems).toEqual([]);
    const all = spec.nodes ?? [];
    expect(all.filter(({ roles }) => roles.includes('zookeeper')).map(({ address }) => address)).toEqual([
      '127.0.0.2',
      '127.0.0.3',
      '127.0.0.4',
    ]);
    // 127.0.0.2 answers, but is no master.
    expect(spec.adopted).toEqual({
      masters: [`http://127.0.0.3:${port}`, `http://127.0.0.4:${port}`],
      agents: ['http://127.0.0.5:5051', 'http://127.0.0.6:5051'],
      marathons: [marathon.url],
      loadBalancer: balancer.url,
      zookeeper: zk,
    });
    expect(all.find(({ address }) => address === '127.0.0.5')).toMatchObject({
      roles: ['mesos-agent'],
      attributes: { rack: 'abc', level: 10, keys: '[1000-1500]' },
      resources: 'cpus:4;mem:8192;disk:1000;ports:[31000-32000]',
    });
    expect(all.find(({ address }) => address === '127.0.0.6')?.resources).toContain(
      'cpus(web):1;ports(web):[80-80,443-443]',
    );
    expect(spec.mesos).toMatchObject({
      cluster: 'foreign cluster',
      zkPath: '/production/mesos',
      workDir: '/data/mesos',
    });
    expect(spec.mesos?.master?.flags).toEqual({ hostname_lookup: 'true', max_agent_ping_timeouts: '7', roles: 'prod' });
    expect(spec.marathon).toEqual({ zkPath: '/service/marathon', flags: { mesos_user: 'app' } });
    expect(spec.ports).toMatchObject({ 'mesos-master': port, services: '10000-20000' });
    for (const part of ['there should be 3 masters; 2 found', 'chronos', 'flags are unknown'])
      expect(stderr).toContain(part);
  });

  it('writes no file that would start a cluster', async () => {
    const folder = temporaryFolder();
    const { port } = await fakeServer(leadingMaster('//x', { agents: [] }));
    await runFake(['adopt', `127.0.0.1:${port}`, 'mine'], { cwd: folder });
    const names = [...filesIn(folder).keys()].filter((path) => !path.includes('.mesos-cluster/'));
    expect(names.map((path) => path.replace('mine/', '')).sort()).toEqual([
      '.gitattributes',
      '.gitignore',
      'README.md',
      'apps/basic-0.json',
      'apps/basic-3.json',
      'apps/docker-tester.json',
      'apps/nginx.json',
      'mesos-cluster.yaml',
      'package.json',
    ]);
  });

  it('sends nothing but GET requests', async () => {
    const marathon = await fakeServer({ '/v2/info': marathonInfo(), '/v2/leader': { leader: 'm:8080' } });
    const master = await fakeServer(leadingMaster('//x'));
    await runFake(['adopt', master.url, '--marathon', marathon.url, '--dry-run'], { cwd: temporaryFolder() });
    const requests = [...master.requests, ...marathon.requests];
    expect(requests.length).toBeGreaterThan(6);
    expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });

  it('prints what it found as data with --json', async () => {
    const master = await fakeServer(leadingMaster('//x'));
    const { stdout, stderr } = await runFake(['adopt', master.url, '--json'], { cwd: temporaryFolder() });
    expect(JSON.parse(stdout)).toMatchObject({
      written: true,
      adopted: { masters: [master.url] },
      unknown: expect.arrayContaining([expect.stringContaining('No Marathon')]) as unknown,
    });
    expect(stderr).not.toContain('could not be known');
  });

  it('never trusts what a server says: names, paths, flags and texts', async () => {
    const folder = temporaryFolder();
    const evil = `../../etc\n${esc}[2J`;
    const agents = [
      listedAgent('good-1', '127.0.0.1', { port: 1, attributes: { ok: 'a', [evil]: 'x', nl: 'a\nb: c' } }),
      listedAgent(evil, '127.0.0.1'),
      listedAgent('a/../b', '127.0.0.1', { port: 99_999 }),
      listedAgent('good-2', '999.0.0.1', {
        port: 1,
        unreserved_resources: { cpus: -1, mem: 1e300, 'x;y': 1, ports: 'evil' },
      }),
      'no object',
      null,
    ];
    const flags = {
      cluster: `${esc}[31mred${'x'.repeat(400)}`,
      zk: 'zk://user:secret@127.0.0.1:1/mesos',
      quorum: 'three',
      work_dir: 'relative; rm -rf /',
      roles: 'a\nb',
      [evil]: 'x',
      credentials: '/etc/secret',
    };
    const frameworks = [{ name: `marathon${esc}`, active: true, webui_url: 'file:///etc/passwd' }, 7];
    const master = await fakeServer(
      leadingMaster('//x', { flags, agents: agents as object[], frameworks: frameworks as object[] }),
    );
    const { exitCode, stderr, stdout } = await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    expect(exitCode, stderr).toBe(0);
    const { spec, problems, text } = specIn(folder, 'mine');
    expect(problems).toEqual([]);
    expect(spec.nodes?.map(({ name }) => name)).toContain('good-1');
    expect(spec.adopted?.agents).toEqual(['http://good-1:1', 'http://good-2:1']);
    for (const output of [text, stderr, stdout]) {
      expect(output).not.toContain(esc);
      expect(output).not.toContain('secret@');
    }
    expect([...filesIn(folder).keys()].filter((path) => !path.startsWith('mine/'))).toEqual([]);
    expect(stderr).toContain('Left out');
  });

  it('writes the same description again as it was read', async () => {
    const folder = temporaryFolder();
    const master = await fakeServer(leadingMaster('//x', { agents: [listedAgent('a1', '127.0.0.1', { port: 1 })] }));
    await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    const { exitCode, stdout } = await runFake(['generate', '--lab', 'mine'], { cwd: folder });
    expect({ exitCode, said: stdout.includes('Nothing to do') }).toEqual({ exitCode: 0, said: true });
  });
});

describe('adopt of something else', () => {
  const run = (...argv: readonly string[]) => runFake(['adopt', ...argv], { cwd: temporaryFolder() });

  it('names an agent, a Marathon, and what is neither, with the way out', async () => {
    const agent = await fakeServer({
      '/version': { version: '1.11.0' },
      '/flags': { flags: { master: 'zk://10.0.0.2:2181/mesos', work_dir: '/w' } },
    });
    const marathon = await fakeServer({ '/v2/info': marathonInfo() });
    const page = await fakeServer({ '/version': (_request, response) => response.end('<h1>Welcome</h1>') });
    const [first, second, third] = await Promise.all([run(agent.url), run(marathon.url), run(page.url)]);
    expect(first).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is a Mesos agent') as unknown });
    expect(second).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`--marathon ${marathon.url}`) as unknown,
    });
    expect(third).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('<h1>Welcome</h1>') as unknown });
  });

  it('says who does not answer, and writes nothing', async () => {
    const folder = temporaryFolder();
    const { exitCode, stderr } = await runFake(['adopt', 'http://127.0.0.1:1', 'mine'], { cwd: folder });
    expect(exitCode).toBe(5);
    expect(stderr).toContain('nobody listens there');
    expect([...filesIn(folder)]).toEqual([]);
  });

  it('says that no master leads, or that the leader is out of reach', async () => {
    const silent = await fakeServer({ ...standbyMaster('//x'), '/redirect': {} });
    const lost = await fakeServer(standbyMaster('//127.0.0.1:1'));
    expect((await run(silent.url)).stderr).toContain('knows no master that does');
    const { exitCode, stderr } = await run(lost.url);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('http://127.0.0.1:1, cannot be reached from here');
  });

  it('goes on with the masters that answer, and takes nothing that is none', async () => {
    const master = await fakeServer(leadingMaster('//x'));
    const page = await fakeServer({});
    const { exitCode, stderr } = await run(master.url, 'http://127.0.0.1:1', '--dry-run');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Nobody answers at http://127.0.0.1:1; it was left out.');
    expect((await run(master.url, page.url)).exitCode).toBe(2);
  });

  it('reads no answer without end, and waits for no server for ever', { timeout: 30_000 }, async () => {
    const endless = await fakeServer({
      '/version': (_request, response) => {
        response.on('error', () => undefined);
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
    });
    const slow = await fakeServer({ '/version': () => undefined });
    const loop = await fakeServer({ '/version': redirectTo('/version') });
    const [first, second, third] = await Promise.all([run(endless.url), run(slow.url), run(loop.url)]);
    expect(first.stderr).toContain('more than 1048576 bytes');
    expect(second.stderr).toContain('no answer within 5 s');
    expect(third.exitCode).toBe(2);
  });

  it('refuses URLs with passwords, paths and other schemes, and shows no password', async () => {
    for (const url of ['http://u:secret@h:5050', 'http://h:5050/mesos', 'ftp://h', 'http://h:99999', 'http://a b:1']) {
      const { exitCode, stderr } = await run(url);
      expect({ url, exitCode }).toEqual({ url, exitCode: 2 });
      expect(stderr).not.toContain('secret');
    }
    expect((await run('only-a-folder')).exitCode).toBe(2);
    expect((await run('http://127.0.0.1:1', 'one', 'two')).exitCode).toBe(2);
  });

  it('looks at the folder before it looks at the cluster', async () => {
    const cwd = folderWith({ 'mine/notes.txt': 'mine\n' });
    const master = await fakeServer(leadingMaster('//x'));
    const { exitCode, stderr } = await runFake(['adopt', master.url, 'mine'], { cwd });
    expect({ exitCode, requests: master.requests }).toEqual({ exitCode: 2, requests: [] });
    expect(stderr).toContain('LAB_EXISTS');
  });

  it('says that a Marathon or load balancer that was named is none', async () => {
    const master = await fakeServer(leadingMaster('//x'));
    expect((await run(master.url, '--marathon', master.url)).stderr).toContain('is no Marathon');
    expect((await run(master.url, '--lb', master.url)).stderr).toContain('No load balancer answers');
  });

  it('reads masters that show their flags in their state alone', async () => {
    const flags = masterFlags({ registry: 'in_memory' });
    const old = await fakeServer({
      '/version': { version: '0.28.2' },
      '/metrics/snapshot': { 'master/elected': 1 },
      '/master/state.json': { version: '0.28.2', cluster: 'old', flags, slaves: [], frameworks: [] },
    });
    const folder = temporaryFolder();
    const { exitCode, stderr } = await runFake(['adopt', old.url, 'mine'], { cwd: folder });
    expect(exitCode, stderr).toBe(0);
    expect(specIn(folder, 'mine').spec).toMatchObject({ images: { set: 'stock' }, mesos: { cluster: 'old' } });
  });
});

describe('an adopted lab', () => {
  it('is not started, stopped or built', async () => {
    const folder = temporaryFolder();
    const master = await fakeServer(leadingMaster('//x'));
    await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    const verbs = [
      'up',
      'up --runtime docker',
      'down',
      'stop',
      'start',
      'exec master1 true',
      'ssh node1',
      'images',
      'doctor',
    ];
    for (const words of verbs) {
      const { exitCode, stdout, stderr, commands } = await runFake(words.split(' '), { cwd: `${folder}/mine` });
      expect({ words, exitCode, stdout, commands }).toEqual({ words, exitCode: 2, stdout: '', commands: [] });
      const [verb = ''] = words.split(' ');
      expect(stderr).toMatch(new RegExp(`^error ADOPTED: ${verb} is for clusters that are started from here`));
    }
  });

  it('gets no agents by their number, as its machines are named one by one', async () => {
    const folder = temporaryFolder();
    const master = await fakeServer(leadingMaster('//x'));
    await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    const { exitCode, stderr, commands } = await runFake(['scale', 'agents', '2'], { cwd: `${folder}/mine` });
    expect({ exitCode, commands }).toEqual({ exitCode: 2, commands: [] });
    expect(stderr).toContain('this lab names its machines one by one');
  });

  it('has a status, which fails when a part has gone', async () => {
    const folder = temporaryFolder();
    const agents = [listedAgent('a1', '127.0.0.1', { port: 1, attributes: { rack: 'abc' } })];
    const master = await fakeServer(leadingMaster('//x', { agents }));
    await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    const first = await runFake(['status', '--json'], { cwd: `${folder}/mine` });
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.commands).toEqual([]);
    expect(Object.keys(JSON.parse(first.stdout) as object)).toEqual([
      ...['running', 'name', 'adopted', 'urls', 'components', 'unknownAgents', 'apps', 'tasks'],
    ]);
    expect(JSON.parse(first.stdout)).toMatchObject({
      running: true,
      adopted: true,
      components: [
        { role: 'mesos-master', state: 'leads' },
        { role: 'mesos-agent', state: 'active' },
      ],
      unknownAgents: [],
    });
    agents.splice(0, 1, listedAgent('a2', '127.0.0.1'));
    const second = await runFake(['status'], { cwd: `${folder}/mine` });
    expect(second.exitCode).toBe(5);
    expect(second.stdout).toContain('Cluster mine (adopted: somebody else runs it).');
    expect(second.stdout).toContain('not registered');
    expect(second.stdout).toContain('Agents that have come since it was adopted: a2:5051');
  });

  it('is not taken for what answers everything with a page', async () => {
    const folder = temporaryFolder();
    const master: Record<string, FakeAnswer> = { ...leadingMaster('//x') };
    const marathon: Record<string, FakeAnswer> = { '/v2/info': marathonInfo(), '/v2/leader': { leader: 'm:1' } };
    const [{ url }, other] = [await fakeServer(master), await fakeServer(marathon)];
    await runFake(['adopt', url, 'mine', '--marathon', other.url], { cwd: folder });
    const page: FakeAnswer = (_request, response) => response.writeHead(200).end('<html>Sign in</html>');
    for (const paths of [master, marathon]) for (const path of Object.keys(paths)) paths[path] = page;
    const { exitCode, stdout } = await runFake(['status'], { cwd: `${folder}/mine` });
    expect([exitCode, stdout]).toEqual([5, expect.stringMatching(/is not Mesos[^]*is not Marathon/)]);
  });

  it('shows the ends of logs that Mesos serves', async () => {
    const folder = temporaryFolder();
    const log = `${'an old line\n'.repeat(10_000)}the last line\n`;
    const paths = leadingMaster('//x');
    const master = await fakeServer({
      ...paths,
      '/files/read': (request, response) => {
        const query = new URL(request.url ?? '', 'http://x').searchParams;
        const offset = Number(query.get('offset'));
        const known = query.get('path') === '/master/log';
        const page = offset < 0 ? { data: '', offset: log.length } : { data: log.slice(offset, offset + 4096), offset };
        response.writeHead(known ? 200 : 404).end(JSON.stringify(page));
      },
    });
    await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    const { exitCode, stdout } = await runFake(['logs', '--tail', '2'], { cwd: `${folder}/mine` });
    expect([exitCode, stdout.split('\n')]).toEqual([
      0,
      ['master1-mesos-master | an old line', 'master1-mesos-master | the last line', ''],
    ]);
  });

  it('says which logs Mesos does not serve and which agents are silent, and shows tasks alone when it serves none', async () => {
    const folder = temporaryFolder();
    const isServed = { master: true };
    const agents = [listedAgent('a1', '127.0.0.1', { port: 1 })];
    const master = await fakeServer({
      ...leadingMaster('//x', { agents }),
      '/files/read': (_, response) =>
        response.writeHead(isServed.master ? 200 : 404).end(JSON.stringify({ data: 'a line\n', offset: 7 })),
    });
    await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    const some = await runFake(['logs'], { cwd: `${folder}/mine` });
    expect(some).toMatchObject({ exitCode: 0, stdout: 'a1-mesos-master | a line\n', commands: [] });
    expect(some.stderr).toMatch(
      /^Not to be read over HTTP: \S+ \(Mesos serves its log when it runs with --log_dir\)\.\n\S+ does not answer .* is not shown\n$/,
    );
    isServed.master = false;
    const all = await runFake(['logs'], { cwd: `${folder}/mine` });
    expect(all).toMatchObject({ exitCode: 0, stdout: '' });
    expect(all.stderr).toMatch(/^Not to be read over HTTP: a1-mesos-master, \S+ \(/);
    const none = await runFake(['logs', 'a1-mesos-master'], { cwd: `${folder}/mine` });
    expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    expect(none.stderr).toContain('Nothing of mine can be read over HTTP');
  });

  it('is told the warnings of its spec whenever that says what it is', async () => {
    const folder = temporaryFolder();
    const master = await fakeServer(leadingMaster('//x'));
    await runFake(['adopt', master.url, 'mine'], { cwd: folder });
    const spec = join(folder, 'mine/mesos-cluster.yaml');
    writeFileSync(spec, readFileSync(spec, 'utf8').replace('placement: machines', 'runtime: hosts'));
    const { stderr } = await runFake(['status'], { cwd: `${folder}/mine` });
    expect(stderr).toContain('runtime is called placement now');
  });
});
