import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tar, zip } from '../engine/agent/fetch/archives.ts';
import { listeningPorts } from '../support/listening-ports.ts';
import { rawAnswer } from '../support/raw-answer.ts';
import { endOf, processesOf, testLab, type TestLab } from './lab-process.ts';

const nginx = (port: number) => ({
  id: 'web',
  labels: { HAPROXY_GROUP: 'external' },
  cpus: 0.1,
  mem: 16,
  instances: 2,
  networks: [{ mode: 'container/bridge' }],
  container: {
    type: 'DOCKER',
    docker: { image: 'nginx:1.27' },
    portMappings: [{ containerPort: 80, hostPort: 0, servicePort: port }],
  },
  healthChecks: [{ protocol: 'HTTP', path: '/' }],
});
const clock = { id: '/clock', cmd: 'echo tick; sleep 1000; echo end', cpus: 0.1, mem: 16 };

function app(lab: TestLab, name: string, definition: unknown): string {
  writeFileSync(join(lab.directory, 'apps', name), JSON.stringify(definition));
  return `apps/${name}`;
}

/** Until it is so: a machine with other work to do takes its time. */
const waitFor = (assertion: () => void | Promise<void>) => vi.waitFor(assertion, { timeout: 30_000, interval: 20 });

/** Until a start has come so far that it has written a file; then there is no moment to lose. */
const untilWritten = (lab: TestLab, file: string) =>
  vi.waitUntil(() => existsSync(join(lab.directory, '.mesos-cluster/run', file)), { timeout: 30_000, interval: 2 });

async function expectNothingLeft(lab: TestLab): Promise<void> {
  await waitFor(() => {
    expect(processesOf(lab.directory)).toEqual([]);
  });
  expect(readdirSync(lab.directory).sort()).toEqual(['apps', 'mesos-cluster.yaml']);
  expect(existsSync(lab.state) ? readdirSync(join(lab.state, 'create-mesos-cluster')) : []).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${lab.ports.master}/health`)).rejects.toThrow();
}

describe('a lab on a machine with nothing but Node.js', () => {
  it('is started, verified, used and ended', async () => {
    const lab = await testLab();
    const up = await lab.run('up');
    expect(up.stderr).toContain('Runtime embedded (not docker: ');
    expect(up.stderr).toContain('simulated');
    expect(up.stdout).toMatch(/✓ .*"Hello Marathon"[\s\S]*Verified: \d+ checks passed/);
    expect(up.stdout).toContain(`Marathon            http://127.0.0.1:${lab.ports.marathon}\n`);
    expect(up.status).toBe(0);

    const status = await lab.run('status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      running: true,
      runtime: 'embedded',
      components: expect.arrayContaining([expect.objectContaining({ id: 'master1', state: 'leads' })]),
      // What verify deployed is gone.
      apps: [],
    });
    const deploy = await lab.run(
      'deploy',
      app(lab, 'web.json', nginx(lab.ports.services)),
      app(lab, 'clock.json', clock),
      '--wait',
    );
    expect(deploy.stdout).toBe('created /web: 2 of 2 running, 2 healthy\ncreated /clock: 1 of 1 running\n');
    // The load balancer hears of it a moment after Marathon.
    await waitFor(async () => {
      const answer = await fetch(`http://127.0.0.1:${lab.ports.services}/`);
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/simulated/i)]);
    });

    const pod = {
      ...{ id: '/pod', networks: [{ mode: 'host' }], volumes: [{ name: 'v' }] },
      containers: ['a', 'b'].map((name) => ({
        ...{
          name,
          exec: { command: { shell: `echo > v/${name}; exec sleep 1000` } },
          resources: { cpus: 0.1, mem: 16 },
        },
        volumeMounts: [{ name: 'v', mountPath: 'v' }],
        healthCheck: {
          exec: { command: { shell: 'test -e v/a && test -e v/b' } },
          ...{ delaySeconds: 0, intervalSeconds: 2, timeoutSeconds: 1 },
        },
      })),
    };
    const deployPod = () => lab.run('deploy', app(lab, 'pod.json', pod), '--wait');
    expect((await deployPod()).stdout).toBe('created /pod: 1 of 1 running, 1 healthy\n');
    expect((await deployPod()).stdout).toBe('updated /pod: 1 of 1 running, 1 healthy\n');

    expect((await lab.run('scale', 'web', '3', '--wait')).stdout).toBe('scaled /web: 3 of 3 running, 3 healthy\n');
    expect((await lab.run('status')).stdout).toMatch(/\/web +3 of 3 +3/);
    expect((await lab.run('logs', 'clock')).stdout).toMatch(/ \| tick\n/);
    expect((await lab.run('logs', 'master1', '--tail', '1')).stdout).toMatch(/^\S+Z .+\n$/);
    expect((await lab.run('logs')).stdout).toMatch(/^agent1 +\| /m);
    expect((await lab.run('logs', 'clok')).status).toBe(2);
    expect((await lab.run('list')).stdout).toContain(`test-lab  embedded  running  ${lab.directory}`);

    const verify = await lab.run('verify', '--junit', 'result.xml', '--json');
    expect([verify.status, JSON.parse(verify.stdout).outcome]).toEqual([0, 'passed']);
    expect(existsSync(join(lab.directory, 'result.xml'))).toBe(true);
    // Its own apps are gone, ours are not.
    expect((await lab.run('status')).stdout).toMatch(/\/clock +1 of 1/);
    const again = await lab.run('up');
    expect([again.status, again.stderr]).toEqual([0, expect.stringContaining('The lab runs already')]);

    const down = await lab.run('down');
    expect(down.status).toBe(0);
    expect((await lab.run('down')).status).toBe(0);
    expect((await lab.run('status')).status).toBe(5);
  });

  it('fetches and unpacks what an app names, with what the built program loads for it', async () => {
    const lab = await testLab();
    await lab.run('up', '--quiet');
    const archives = {
      'script.tgz': gzipSync(tar([{ path: 'bin/run.sh', content: '#!/bin/sh\ncat words; sleep 1000\n', mode: 0o755 }])),
      'words.zip': zip([{ path: 'words', content: 'unpacked' }]),
    };
    const fetched = Object.entries(archives).map(([name, content]) => {
      writeFileSync(join(lab.directory, 'apps', name), content);
      return { uri: `file://${lab.directory}/apps/${name}`, cache: true };
    });
    const definition = { id: '/fetches', cmd: 'bin/run.sh', cpus: 0.1, mem: 16, fetch: fetched };
    await lab.run('deploy', app(lab, 'fetches.json', definition), '--wait');
    await waitFor(async () => {
      expect((await lab.run('logs', 'fetches')).stdout).toContain('unpacked');
    });
    await lab.run('down');
  });

  it('says nothing of its start with --quiet but what is wrong, and leaves no process, port or folder', async () => {
    const lab = await testLab();
    const up = await lab.run('up', '--quiet');
    expect([up.status, up.stdout, up.stderr]).toEqual([0, '', expect.stringMatching(/^ ! .*simulated.*\n$/)]);
    await lab.run('deploy', app(lab, 'clock.json', clock), '--wait');
    expect(processesOf(lab.directory).length).toBeGreaterThan(1);
    await lab.run('down');
    await expectNothingLeft(lab);
  });

  it('deploys a pod, shows it and its tasks, reads what each of its containers says, and scales it', async () => {
    const lab = await testLab();
    await lab.run('up');
    const container = (name: string) => ({
      name,
      exec: { command: { shell: `echo from-${name}; exec sleep 1000` } },
      resources: { cpus: 0.1, mem: 16 },
    });
    const pod = { id: '/pair', containers: [container('one'), container('two')], networks: [{ mode: 'host' }] };
    writeFileSync(join(lab.directory, 'apps/pod.json'), JSON.stringify(pod));
    const deployed = await lab.run('deploy', 'apps/pod.json', '--wait');
    expect([deployed.status, deployed.stdout]).toEqual([0, 'created /pair: 1 of 1 running\n']);
    expect((await lab.run('status')).stdout).toMatch(/^\/pair +1 of 1 /m);
    const said = (await lab.run('logs', 'pair')).stdout;
    expect(said).toMatch(/\.one\.1 stdout \| from-one\n/);
    expect(said).toMatch(/\.two\.1 stdout \| from-two\n/);
    expect((await lab.run('status')).stdout).toMatch(/^pair\.\S+\.one\.1 +TASK_RUNNING +127\.0\.0\.\d\n/m);

    const scaled = await lab.run('scale', 'pair', '2', '--wait');
    expect([scaled.status, scaled.stdout]).toEqual([0, 'scaled /pair: 2 of 2 running\n']);
    const missing = await lab.run('scale', 'pear', '2');
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining('Marathon has no app /pear')]);
  });

  it('asks its own addresses past a proxy, which Node.js 24 takes from the environment', async () => {
    const nobody = 'http://127.0.0.1:1';
    const lab = await testLab('', {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: nobody,
      http_proxy: nobody,
      HTTPS_PROXY: nobody,
    });
    const up = await lab.run('up', '--timeout', '20');
    expect([up.status, up.stderr]).toEqual([0, expect.not.stringContaining('ECONNREFUSED')]);
  });

  it('answers HTTP/1.0 without a Host, as shell probes and monitors send it, wherever it listens', async () => {
    const lab = await testLab();
    await lab.run('up');
    await lab.run('deploy', app(lab, 'web.json', nginx(lab.ports.services)), '--wait');
    // The load balancer hears of a task later than who deployed it, and answers 503 until then.
    await waitFor(async () => {
      expect((await fetch(`http://127.0.0.1:${lab.ports.services}/`)).status).toBe(200);
    });
    const listeners = listeningPorts(lab.processId());
    // Master, Marathon, two agents and their tasks, statistics and service port of the load balancer.
    expect(listeners.length).toBeGreaterThanOrEqual(8);
    const statusLine = async ({ host, port }: (typeof listeners)[number], header = '') =>
      (await rawAnswer(host, port, `GET / HTTP/1.0\r\n${header}\r\n`)).split('\r\n', 1)[0];
    for (const listener of listeners) {
      const without = await statusLine(listener);
      expect(without).toMatch(/^HTTP\/1\.1 (200|30[0-9]|404) /);
      expect(without).toBe(await statusLine(listener, `Host: ${listener.host}:${listener.port}\r\n`));
    }
    const health = await rawAnswer('127.0.0.1', lab.ports.master, 'GET /health HTTP/1.0\r\n\r\n');
    expect(health).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  const broken = {
    id: '/broken',
    cmd: 'echo looking for its file; echo no such file >&2; exit 3',
    cpus: 0.1,
    mem: 16,
  };

  it('says why, at once, when one task of an app after another fails', async () => {
    const lab = await testLab();
    await lab.run('up');
    const wait = ['--wait', '--timeout', '300'];
    const { status, stderr } = await lab.run('deploy', app(lab, 'broken.json', broken), ...wait);
    expect(status).toBe(5);
    expect(stderr).toMatch(/the instances of \/broken do not keep running\n.*TASK_FAILED .*exited with status 3\n/);
    expect(stderr).toContain('stderr: no such file');

    // Marathon waits for its health: this deployment never ends.
    const checked = { ...broken, id: '/checked', healthChecks: [{ protocol: 'COMMAND', command: { value: 'true' } }] };
    const again = await lab.run('deploy', app(lab, 'checked.json', checked), ...wait);
    expect(again.status).toBe(5);
    expect(again.stderr).toMatch(
      /one task of \/checked after another fails with the same words\n.*TASK_FAILED .*exited with status 3\n *stderr: no such file\n.*logs \/checked/,
    );
  });

  it('says in logs, too, why nothing of an app runs: its tasks may have written nothing', async () => {
    const lab = await testLab();
    await lab.run('up');
    // A try runs for a moment, in which logs would find a task: the next one waits eight times as long.
    const mute = { ...broken, id: '/mute', cmd: 'exit 7', backoffSeconds: 1, backoffFactor: 8 };
    await lab.run('deploy', app(lab, 'mute.json', mute), '--wait');
    const { status, stdout, stderr } = await lab.run('logs', 'mute');
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^No task of \/mute runs: failed: .*exited with status 7/);
  });

  it('waits for an app whose tasks fail twice before they come up', async () => {
    const lab = await testLab();
    await lab.run('up');
    const comesUp = [
      `cd '${lab.directory}'`,
      'if [ -e twice ]; then exec sleep 1000; fi',
      'if [ -e once ]; then echo > twice; else echo > once; fi',
      'exit 3',
    ];
    const slow = {
      ...{ ...broken, id: '/slow', cmd: comesUp.join('; ') },
      healthChecks: [{ protocol: 'COMMAND', command: { value: 'true' }, delaySeconds: 0, intervalSeconds: 1 }],
    };
    const { stdout } = await lab.run('deploy', app(lab, 'slow.json', slow), '--wait');
    expect(stdout).toBe('created /slow: 1 of 1 running, 1 healthy\n');
  });

  it('is not verified while an app of verify fails again and again, and that is said at once', async () => {
    const lab = await testLab();
    await lab.run('up');
    await lab.run('deploy', app(lab, 'broken.json', { ...broken, id: '/basic-0' }));
    const { status, stdout } = await lab.run('verify', '--timeout', '300');
    expect(status).toBe(6);
    expect(stdout).toMatch(
      // Each task runs for a moment: which of the two checks sees the third one fail is chance.
      /✗ (?:basic-0 runs|the sandbox of basic-0 shows) .*\n.*TASK_FAILED: .*exited with status 3: one task after another fails.*\n +stderr: no such file\n/,
    );
  });

  it('is verified without its folder, by URLs alone', async () => {
    const lab = await testLab();
    await lab.run('up');
    const [master, marathon] = [lab.ports.master, lab.ports.marathon].map((port) => `http://127.0.0.1:${port}`);
    const balancer = `http://127.0.0.1:${lab.ports.master + 35}`;
    const other = await testLab();
    const urls = ['--mesos', master ?? '', '--marathon', marathon ?? ''];
    const range = `${lab.ports.services}-${lab.ports.services + 9}`;
    const verify = await other.run('verify', ...urls, '--lb', balancer, '--service-ports', range);
    expect(verify.status).toBe(0);
    expect(verify.stdout).toContain('every agent is active');
    // A cluster that is not there fails, and says so.
    await lab.run('down');
    const failed = await other.run('verify', ...urls, '--timeout', '1');
    expect([failed.status, failed.stdout]).toEqual([6, expect.stringContaining('Verification FAILED')]);
  });

  it('has three masters when the spec says so', async () => {
    const lab = await testLab('preset: ha\n');
    expect((await lab.run('up')).status).toBe(0);
    const status = JSON.parse((await lab.run('status', '--json')).stdout) as {
      components: readonly { role: string; state: string }[];
    };
    const masters = status.components.filter(({ role }) => role === 'mesos-master');
    expect(masters.map(({ state }) => state)).toEqual(['leads', 'stands by', 'stands by']);
  });
});

describe('a lab that something happens to', () => {
  it('is started once by two commands at a time', async () => {
    const lab = await testLab();
    const runs = await Promise.all([lab.run('up'), lab.run('up')]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(runs.filter(({ stderr }) => stderr.includes('runs already'))).toHaveLength(1);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('is cleaned up when its start gets %s', async (signal) => {
    const lab = await testLab();
    const up = lab.start('up');
    const ended = endOf(up);
    await untilWritten(lab, 'daemon.json');
    up.kill(signal);
    const { status, stdout } = await ended;
    expect([status, stdout]).toEqual([signal === 'SIGKILL' ? null : 130, expect.not.stringContaining('The lab runs')]);
    await waitFor(() => {
      expect(processesOf(lab.directory)).toEqual([]);
    });
    // Nobody was there any more to take the lock away: the next command does.
    if (signal === 'SIGKILL') expect((await lab.run('up')).status).toBe(0);
    await lab.run('down');
    await expectNothingLeft(lab);
  });

  it('says who holds its port, and moves away from it', async () => {
    const lab = await testLab();
    const server: Server = createServer().listen(lab.ports.marathon, '127.0.0.1');
    onTestFinished(() => {
      server.close();
    });
    const up = await lab.run('up');
    expect(up.status).toBe(3);
    expect(up.stderr).toMatch(
      new RegExp(`MACHINE_PORT_TAKEN: .*${lab.ports.marathon} \\(marathon1\\)[\\s\\S]*process ${process.pid} `),
    );
    await expectNothingLeft(lab);
    const moved = await lab.run('up', '--port', `marathon=${lab.ports.marathon + 1}`);
    expect([moved.status, moved.stdout]).toEqual([0, expect.stringContaining(`:${lab.ports.marathon + 1}\n`)]);
    // The other verbs know where it is.
    expect((await lab.run('status')).status).toBe(0);
  });

  it('moves all its ports by one number, and serves apps where their files say plus that', async () => {
    const lab = await testLab();
    const up = await lab.run('up', '--port-offset', '50');
    expect(up.status).toBe(0);
    await lab.run('deploy', app(lab, 'web.json', nginx(lab.ports.services)), '--wait');
    // The load balancer hears of it a moment after Marathon.
    await waitFor(async () => {
      expect((await fetch(`http://127.0.0.1:${lab.ports.services + 50}/`)).status).toBe(200);
    });
  });

  it.each(['up', 'down'])('is found by %s after its process was killed, tasks included', async (verb) => {
    const lab = await testLab();
    await lab.run('up');
    await lab.run('deploy', app(lab, 'clock.json', clock), '--wait');
    const tasks = processesOf(lab.directory).filter((id) => id !== lab.processId());
    process.kill(lab.processId(), 'SIGKILL');
    await waitFor(() => {
      expect(processesOf(lab.directory).toSorted()).toEqual(tasks.toSorted());
    });
    expect((await lab.run('status')).stdout).toContain('was killed');
    expect((await lab.run(verb)).status).toBe(0);
    expect(processesOf(lab.directory).filter((id) => tasks.includes(id))).toEqual([]);
    await lab.run('down');
    await expectNothingLeft(lab);
  });

  it('ends by itself, tasks included, when its folder is deleted', async () => {
    const lab = await testLab();
    await lab.run('up');
    await lab.run('deploy', app(lab, 'clock.json', clock), '--wait');
    rmSync(lab.directory, { recursive: true });
    await waitFor(() => {
      expect(processesOf(lab.directory)).toEqual([]);
    });
    expect(existsSync(lab.directory)).toBe(false);
    // For what comes after the test.
    mkdirSync(lab.directory);
  });

  it('ends by itself when its folder is moved, and starts again there', async () => {
    const lab = await testLab();
    await lab.run('up');
    await lab.run('deploy', app(lab, 'clock.json', clock), '--wait');
    const moved = `${lab.directory}-moved`;
    renameSync(lab.directory, moved);
    await waitFor(() => {
      expect(processesOf(lab.directory)).toEqual([]);
    });
    expect(existsSync(lab.directory)).toBe(false);
    mkdirSync(lab.directory);
    const status = await lab.run('status', '--lab', moved);
    expect([status.status, status.stdout]).toEqual([
      5,
      `The folder of this lab was moved while it ran (it was ${lab.directory}), which ends what runs it. up starts it here; down removes what is left.\n`,
    ]);
    expect((await lab.run('verify', '--lab', moved)).stderr).toContain(`it was ${lab.directory}`);
    expect((await lab.run('up', '--lab', moved)).status).toBe(0);
    expect((await lab.run('down', '--lab', moved)).status).toBe(0);
    expect(readdirSync(moved).sort()).toEqual(['apps', 'mesos-cluster.yaml']);
  });

  it.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('says that its disk is full', async () => {
    const lab = await testLab();
    const spec = readFileSync(join(lab.directory, 'mesos-cluster.yaml'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', lab.directory]);
    onTestFinished(() => {
      execFileSync('umount', ['--lazy', lab.directory]);
    });
    writeFileSync(join(lab.directory, 'mesos-cluster.yaml'), spec);
    expect((await lab.run('up')).status).toBe(0);
    spawnSync('dd', ['if=/dev/zero', `of=${join(lab.directory, 'filler')}`, 'bs=4096', 'count=4096']);
    const full = `the disk of ${lab.directory} is full`;
    const status = await lab.run('status');
    expect([status.status, status.stdout]).toEqual([5, expect.stringContaining(full)]);
    const verify = await lab.run('verify');
    expect([verify.status, verify.stderr]).toEqual([3, expect.stringMatching(`MACHINE_DISK_FULL: ${full}`)]);
    expect((await lab.run('doctor')).stdout).toContain(full);
    expect((await lab.run('down')).status).toBe(0);
  });

  it('leaves no lock after its start was killed before anything ran', async () => {
    const lab = await testLab();
    mkdirSync(join(lab.directory, '.mesos-cluster'));
    const lock = join(lab.directory, '.mesos-cluster/run.lock');
    writeFileSync(lock, JSON.stringify({ pid: 1, started: 'long ago' }));
    const down = await lab.run('down');
    expect([down.status, down.stdout]).toEqual([0, expect.stringContaining('nothing was ended')]);
    expect(existsSync(lock)).toBe(false);
    await expectNothingLeft(lab);
  });

  it('is not started when a service port that verify needs is taken by another lab', async () => {
    const lab = await testLab();
    await lab.run('up');
    await lab.run('deploy', app(lab, 'web.json', nginx(lab.ports.services)), '--wait');
    const other = await testLab();
    const spec = join(other.directory, 'mesos-cluster.yaml');
    const range = `services: ${lab.ports.services}-${lab.ports.services + 9}`;
    writeFileSync(spec, readFileSync(spec, 'utf8').replace(/services: .*/, range));
    await waitFor(async () => {
      expect((await fetch(`http://127.0.0.1:${lab.ports.services}/`)).status).toBe(200);
    });
    const up = await other.run('up');
    expect([up.status, up.stderr]).toEqual([
      3,
      expect.stringContaining(`${lab.ports.services} (service port of marathon-lb)`),
    ]);
    // The registry of the other one does not know it: another home.
    expect(up.stderr).toContain(`the lab in ${lab.directory} (process ${lab.processId()}); end it: npm run down there`);
    expect(up.stderr).toMatch(/--port-offset \d+00;.* --service-ports \d+-\d+;/);
    await expectNothingLeft(other);
  });

  it('is not started on ports that do not exist', async () => {
    const lab = await testLab();
    const up = await lab.run('up', '--port-offset', '60000');
    const most = 65_535 - (lab.ports.services + 9);
    expect([up.status, up.stderr]).toEqual([2, expect.stringContaining(`The largest offset that fits is ${most}`)]);
    await expectNothingLeft(lab);
  });

  it('refuses another port offset while it runs', async () => {
    const lab = await testLab();
    await lab.run('up', '--port-offset', '50');
    expect((await lab.run('up', '--port-offset', '50')).status).toBe(0);
    const up = await lab.run('up', '--port-offset', '60');
    expect([up.status, up.stderr]).toEqual([2, expect.stringMatching(/--port-offset[\s\S]*down first/)]);
  });

  it('keeps what was started when it is told to', async () => {
    const lab = await testLab();
    const up = lab.start('up', '--retain');
    const ended = endOf(up);
    // The command has heard by then that all has started, and waits until it is ready.
    const registry = join(lab.state, 'create-mesos-cluster');
    await vi.waitUntil(() => existsSync(registry) && readdirSync(registry).length > 0, {
      timeout: 30_000,
      interval: 2,
    });
    up.kill('SIGINT');
    const { status, stderr } = await ended;
    expect([status, stderr]).toEqual([130, expect.stringContaining('--retain')]);
    expect((await lab.run('status')).stdout).toContain('Lab test-lab');
  });

  it('refuses what Marathon refuses, in its words', async () => {
    const lab = await testLab();
    await lab.run('up');
    const bad = await lab.run('deploy', app(lab, 'bad.json', { id: '/bad', cmd: 'true', cpus: 'many' }));
    expect([bad.status, bad.stderr]).toEqual([4, expect.stringContaining('MARATHON_REFUSED')]);
    const broken = await lab.run('deploy', app(lab, 'whole.json', { id: '/whole', cmd: 'true' }), 'apps/absent.json');
    expect([broken.status, broken.stderr]).toEqual([2, expect.stringContaining('there is no such file')]);
    expect((await lab.run('scale', 'absent', '3')).status).toBe(2);
  });
});
