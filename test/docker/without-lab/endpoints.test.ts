import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { makeAuthority, type Authority } from '../support/certificates.ts';
import { leftOf } from '../support/engine.ts';
import { hostsLab, upOnHosts, type HostsLab, type HostsSpec } from '../support/hosts-lab.ts';
import type { LabRun } from '../support/lab-run.ts';
import { startHosts, type TestHost, type TestHosts } from '../support/three-hosts.ts';
import { untilTrue } from '../support/until.ts';

/* Labs whose nodes are reached over TCP with TLS, and by Docker's contexts; hosts.test.ts has SSH and sockets. */

const hasTools =
  requireTool('Docker Engine', ['docker', 'info']) &&
  requireTool('sshd', ['sh', '-c', 'command -v sshd']) &&
  requireTool('openssl', ['openssl', 'version']);

type Environment = Readonly<Record<string, string>>;

describe.skipIf(!hasTools)('labs on Engines behind TCP with TLS, and behind contexts', () => {
  let folder: string;
  let authority: Authority;
  /** Certificates of somebody whom the Engines let in. */
  let client: string;
  let hosts: TestHosts;
  let loaded: Promise<unknown>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
    authority = await makeAuthority(folder, 'authority');
    client = await authority.issue('client');
    hosts = await startHosts({ name: 'endpoints', first: '192.168.64.11', count: 2 });
    await Promise.all(hosts.hosts.map(listenWithTls));
    // What is refused needs no image. The app's comes over the ways that are tested: `up` has it from this machine.
    loaded = Promise.all([load('node1', 'node'), load('node2', 'zookeeper')]);
    loaded.catch(() => undefined);
  });
  afterAll(async () => {
    await loaded.catch(() => undefined);
    await hosts.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const withTls = ({ address }: TestHost) => `tcp://${address}:2376`;

  /** Has the Engine of a host listen with TLS, too, and takes whoever has a certificate of the authority. */
  async function listenWithTls(host: TestHost): Promise<void> {
    const { name, address, socket } = host;
    // The folder of its socket is /run over there.
    const run = dirname(socket.replace('unix://', ''));
    cpSync(await authority.issue(name, { address }), join(run, 'tls'), { recursive: true });
    const settings = {
      hosts: ['unix:///run/docker.sock', withTls(host)],
      ...{ tlsverify: true, tlscacert: '/run/tls/ca.pem', tlscert: '/run/tls/cert.pem', tlskey: '/run/tls/key.pem' },
    };
    // An Engine that ends is started again over there.
    const script = 'mkdir -p /etc/docker; echo "$1" >/etc/docker/daemon.json; kill "$(cat /run/docker.pid)"';
    await hosts.exec(name, 'sh', '-c', script, 'sh', JSON.stringify(settings));
    await untilTrue(`an Engine with TLS on ${name}`, 30_000, async () => {
      const asked = execa('docker', ['--host', withTls(host), '--tlsverify', 'info'], {
        env: { DOCKER_CERT_PATH: client },
        reject: false,
      });
      return (await asked).exitCode === 0;
    });
  }

  const load = (node: string, image: string) =>
    execa('docker', ['save', `create-mesos-cluster-test/${image}:local`], { buffer: false, stdin: 'ignore' }).pipe(
      'docker',
      ['load', '--quiet'],
      { env: { DOCKER_HOST: hosts.host(node).socket } },
    );

  /** A folder of settings for `docker` with contexts, by name. */
  async function withContexts(name: string, contexts: Readonly<Record<string, string>>): Promise<Environment> {
    const env = { DOCKER_CONFIG: join(folder, name) };
    for (const [context, docker] of Object.entries(contexts))
      await execa('docker', ['context', 'create', context, '--docker', docker], { env });
    return env;
  }

  const filesOf = (certificates: string) =>
    ['ca', 'cert', 'key'].map((file) => `${file}=${join(certificates, file)}.pem`).join();

  const labOn = (docker: (host: TestHost) => string, environment: Environment): Promise<HostsLab> => {
    const node = (name: string, ...roles: readonly string[]) => {
      const host = hosts.host(name);
      return { host, roles, docker: docker(host) };
    };
    // The image that `up` builds is needed on node1 alone: to copy it would take most of the time.
    const ours = node('node1', 'mesos-master', 'mesos-agent', 'marathon', 'marathon-lb');
    const spec: HostsSpec = { name: 'endpoints', nodes: [ours, node('node2', 'zookeeper')] };
    return hostsLab(hosts, spec, environment);
  };

  /** Containers, networks and volumes of the lab. */
  async function leftOnHosts(): Promise<readonly string[]> {
    const engines = hosts.hosts.map(({ socket }) => ({ prefix: [], environment: { DOCKER_HOST: socket } }));
    return (await Promise.all(engines.map((engine) => leftOf(engine, 'endpoints')))).flat();
  }

  describe('what is refused before anything is started', () => {
    /** Takes every connection, and has no TLS; it is no Engine. */
    let plain: Server;
    let connections = 0;
    beforeAll(async () => {
      plain = createServer((_, response) => response.end()).on('connection', () => {
        connections += 1;
      });
      await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    });
    afterAll(async () => {
      plain.close();
      expect(await leftOnHosts()).toEqual([]);
    });

    const withoutTls = () => {
      const address = plain.address();
      if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
      return `tcp://127.0.0.1:${String(address.port)}`;
    };

    /** A folder with some files of others. */
    function certificates(name: string, files: Readonly<Record<string, string>>): string {
      const to = join(folder, name);
      mkdirSync(to);
      for (const [file, from] of Object.entries(files)) copyFileSync(join(from, file), join(to, file));
      return to;
    }

    /** An `up` that leaves the lab's folder as it was. */
    async function refusedUp(lab: HostsLab): Promise<LabRun> {
      const files = () => readdirSync(lab.directory, { recursive: true });
      const before = files();
      const up = await lab.run('up');
      expect(files()).toEqual(before);
      await lab.remove();
      return up;
    }

    /** What `up` says when node1 is all right, and node2 is like this. */
    async function refusal(docker: string, environment: Environment): Promise<string> {
      const lab = await labOn((host) => (host.name === 'node1' ? host.socket : docker), environment);
      const up = await refusedUp(lab);
      expect(up.status, up.stderr).toBe(3);
      const [error = '', ...more] = up.stderr.split('\n').filter((line) => /^ ?(?:error|\s+at) /.test(line));
      expect([error, more], up.stderr).toEqual([expect.stringMatching(/ node2.*; nothing was started$/), []]);
      return up.stderr;
    }

    const withTlsOf = async (certificatePath: string) =>
      refusal(withTls(hosts.host('node2')), { DOCKER_CERT_PATH: certificatePath });

    it('TLS without any certificate, until the fix is copied and run where there are some', async () => {
      const none = { DOCKER_CERT_PATH: certificates('none', {}) };
      const refused = await refusal(withTls(hosts.host('node2')), none);
      expect(refused).toMatch(/fails: there are no certificates for it here[\s\S]*none\/ca\.pem/);
      const [, command = ''] = /fix: +in the folder with its [^:]*: (mkdir [^;]*);/.exec(refused) ?? [];
      await execa('sh', ['-c', command], { cwd: client, env: none });
      await execa('docker', ['--host', withTls(hosts.host('node2')), '--tlsverify', 'info'], { env: none });
    });

    it('the CA of somebody else', async () => {
      const stranger = await (await makeAuthority(folder, 'stranger')).issue('client');
      const mixed = certificates('mixed', { 'ca.pem': stranger, 'cert.pem': client, 'key.pem': client });
      expect(await withTlsOf(mixed)).toMatch(
        /fails: its certificate is not signed by the CA of ca\.pem[\s\S]*fix: +take the ca\.pem that/,
      );
    });

    it('TLS without a client certificate', async () => {
      expect(await withTlsOf(certificates('nobody', { 'ca.pem': client }))).toMatch(
        /fails: it (?:wants a client certificate|breaks off)[\s\S]*fix: .*DOCKER_CERT_PATH/,
      );
    });

    it('a client certificate that has expired, in a context', async () => {
      const late = await authority.issue('late', { days: -1 });
      const contexts = { late: `host=${withTls(hosts.host('node2'))},${filesOf(late)}` };
      const environment = await withContexts('with-late', contexts);
      const refused = await refusal('context:late', environment);
      // What the Engine says may be lost with the connection.
      expect(refused).toMatch(/fails: (?:the client certificate of this machine has|it breaks off, as .*) expired/);
      const [, command = ''] =
        /fix: .*in the folder with its files: (docker context update late [^;]*);/.exec(refused) ?? [];
      await execa('sh', ['-c', command], { cwd: client, env: environment });
      await execa('docker', ['--context', 'late', 'info'], { env: environment });
    });

    it('a port where nobody listens', async () => {
      const docker = `tcp://${hosts.host('node2').address}:2377`;
      expect(await refusal(docker, { DOCKER_CERT_PATH: client })).toMatch(
        /does not answer[\s\S]*fix: +start Docker on node2 .*have it listen at tcp:\/\/192\.168\.64\.12:2377 with TLS/,
      );
    });

    it('a context that is not there', async () => {
      expect(await refusal('context:nowhere', { DOCKER_CONFIG: join(folder, 'empty') })).toMatch(
        /no Docker context called nowhere[\s\S]*fix: +docker context ls .*docker context create nowhere /,
      );
    });

    it('a port without TLS behind a context, which is not even tried', async () => {
      const environment = await withContexts('with-plain', { plain: `host=${withoutTls()}` });
      const before = connections;
      expect(await refusal('context:plain', environment)).toMatch(
        /TCP without TLS is refused: whoever reaches that port is root[\s\S]*context plain: tcp:\/\/127[\s\S]*fix: +docker: ssh:/,
      );
      expect(connections).toBe(before);
    });

    it('a port without TLS under another number', async () => {
      expect(await refusal(withoutTls(), { DOCKER_CERT_PATH: client })).toMatch(
        /TCP without TLS is refused: whoever reaches that port is root[\s\S]*HTTP response to HTTPS client[\s\S]*fix: +docker: ssh:/,
      );
    });

    it('port 2375, as soon as the spec is read', async () => {
      const lab = await labOn(withTls, {});
      const file = join(lab.directory, 'mesos-cluster.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(':2376', ':2375'));
      const up = await refusedUp(lab);
      expect(up.status, up.stderr).toBe(2);
      expect(up.stderr.match(/^mesos-cluster\.yaml:.*Port 2375 is Docker without TLS: .* root/gm)).toHaveLength(2);
      expect(up.stderr).toMatch(
        /fix: +Write ssh:\/\/192\.168\.64\.\d+, or set up TLS and write tcp:\/\/192\.168\.64\.\d+:2376/,
      );
    });
  });

  describe('what comes up', () => {
    beforeAll(() => loaded);

    /** From an empty host to an empty host. */
    async function useLab(docker: (host: TestHost) => string, environment: Environment): Promise<void> {
      const lab = await labOn(docker, environment);
      try {
        const up = await upOnHosts(lab);
        expect(up.stdout).toMatch(/Verified: \d+ checks passed/);
        const [status, exec, logs] = await Promise.all([
          lab.run('status'),
          lab.run('exec', 'node1-mesos-agent', 'hostname'),
          lab.run('logs', 'node2', '--tail', '3'),
        ]);
        for (const host of hosts.hosts)
          expect(status.stdout).toMatch(new RegExp(`^${host.name} +${host.address} +${docker(host)} +ok`, 'm'));
        expect(status.stdout).toMatch(/node1-mesos-agent +mesos-agent +active/);
        expect([status.status, exec.stdout.trim(), logs.stdout]).toEqual([
          0,
          'node1',
          expect.stringMatching(/ - INFO /),
        ]);
        const down = await lab.run('down');
        expect([down.status, await leftOnHosts()], down.stderr).toEqual([0, []]);
        expect((await lab.run('list')).stdout).not.toContain(lab.directory);
      } finally {
        await lab.remove();
      }
    }

    it('is a lab over TCP with TLS, with certificates of DOCKER_CERT_PATH', () =>
      useLab(withTls, { DOCKER_CERT_PATH: client }));

    it('is a lab by contexts, one with a socket and one with TLS', async () => {
      const contexts = {
        'of-node1': `host=${withTls(hosts.host('node1'))},${filesOf(client)}`,
        'of-node2': `host=${hosts.host('node2').socket}`,
      };
      await useLab(({ name }) => `context:of-${name}`, await withContexts('with-both', contexts));
    });
  });
});
