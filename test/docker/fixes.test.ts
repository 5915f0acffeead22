import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { makeAuthority } from './support/certificates.ts';
import { dockerLab, localImages } from './support/docker-lab.ts';
import { docker, hostEngine } from './support/engine.ts';

/* Fixes of messages about secrets and certificates are copied and run; those about ports: end-to-end/fixes.test.ts. */

const hasTools = requireTool('Docker Engine', ['docker', 'info']) && requireTool('openssl', ['openssl', 'version']);

/** As the distribution's registries answer for what they do not have. */
const nothing = JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] });
const ofRegistry = { 'Docker-Distribution-Api-Version': 'registry/2.0', 'Content-Type': 'application/json' };

/** A registry that answers everything alike. @returns its port */
async function listening(server: Server | ReturnType<typeof createPlain>, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fixes-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** What `up` says of a lab with an image of a registry. */
async function upWithImageOf(registry: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { overrides, ...images } = localImages;
  const zookeeper = { image: `${registry}/zookeeper:1` };
  const lab = await dockerLab(
    { images: { ...images, overrides: { ...overrides, zookeeper } } },
    {
      ...hostEngine,
      environment,
    },
  );
  onTestFinished(lab.remove);
  const up = await lab.run('up', '--runtime', 'docker');
  expect(up.status, up.stderr).toBe(3);
  return up.stderr;
}

describe.skipIf(!hasTools)('the fix of a message, copied and run,', () => {
  it('gives Marathon a secret that stands in no file', async () => {
    const lab = await dockerLab();
    onTestFinished(lab.remove);
    const refused = await lab.run('plan', '--marathon-flag', 'http_credentials=ann:hush');
    expect([refused.status, refused.stderr]).toEqual([2, expect.not.stringContaining('hush')]);
    const [, command = ''] = /\(export MARATHON_HTTP_CREDENTIALS\): (npm .* up -d)/.exec(refused.stderr) ?? [];
    const env = { MARATHON_HTTP_CREDENTIALS: 'ann:hush' };
    await execa('sh', ['-c', command], { cwd: lab.directory, env });
    expect(readFileSync(join(lab.directory, 'secrets.yml'), 'utf8')).not.toContain('hush');
    const [marathon] = (await lab.containers()).filter(({ service }) => service === 'marathon1');
    expect(await docker(hostEngine, 'inspect', marathon?.id ?? '')).toContain('MARATHON_HTTP_CREDENTIALS=ann:hush');
  });

  it('lets Docker trust the certificate of a registry', async () => {
    // Docker asks registries on the loopback address without TLS, too.
    const address = await docker(
      hostEngine,
      'network',
      'inspect',
      'bridge',
      '--format',
      '{{(index .IPAM.Config 0).Gateway}}',
    );
    const files = await (await makeAuthority(scratch(), 'own')).issue('registry', { address });
    const [key, cert] = ['key', 'cert'].map((name) => readFileSync(join(files, `${name}.pem`), 'utf8'));
    const server = createServer({ key: key ?? '', cert: cert ?? '' }, (_, response) => {
      response.writeHead(404, ofRegistry).end(nothing);
    });
    const registry = `${address}:${String(await listening(server, address))}`;
    const [, command = ''] = /machine of the Docker Engine: (sudo .*ca\.crt)/.exec(await upWithImageOf(registry)) ?? [];
    onTestFinished(() => {
      rmSync(`/etc/docker/certs.d/${registry}`, { recursive: true, force: true });
    });
    await execa('sh', ['-c', command.replaceAll('sudo ', '')]);
    const pulled = await execa('docker', ['pull', `${registry}/zookeeper:1`], { reject: false });
    expect(pulled.stderr).toContain('manifest unknown');
  });

  it('logs in to the registry that wants it', async () => {
    const right = `Basic ${Buffer.from('ann:hush').toString('base64')}`;
    const server = createPlain((request, response) => {
      const isAnn = request.headers.authorization === right;
      response.writeHead(isAnn ? (request.url === '/v2/' ? 200 : 404) : 401, {
        ...ofRegistry,
        'WWW-Authenticate': 'Basic realm="lab"',
      });
      response.end(nothing);
    });
    const registry = `127.0.0.1:${String(await listening(server, '127.0.0.1'))}`;
    const env = { DOCKER_CONFIG: scratch() };
    const [, command = ''] = /fix: +(docker login \S+), or/.exec(await upWithImageOf(registry, env)) ?? [];
    // Without a terminal docker reads the password from standard input.
    await execa('sh', ['-c', `${command} --username ann --password-stdin`], { env, input: 'hush' });
    const pulled = await execa('docker', ['pull', `${registry}/zookeeper:1`], { env, reject: false });
    expect(pulled.stderr).toContain('manifest unknown');
  });
});
