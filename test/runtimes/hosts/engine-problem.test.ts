import { describe, expect, it } from 'vitest';
import { noAnswer, noContext } from '../../../runtimes/hosts/nodes/engine-problem.ts';
import { planWithAgents } from './fake-machines.ts';

const [node] = planWithAgents(1).nodes;
if (node === undefined) throw new Error('a plan without nodes');

const failed = (stderr: string) => ({ kind: 'ended', exitCode: 1, stdout: '', stderr }) as const;
const get = (words: string) => failed(`error during connect: Get "https://10.0.0.1:2376/v1.50/version": ${words}`);
const endpoint = 'tcp://10.0.0.1:2376';

// Words of docker 28.2; test/docker/without-lab/endpoints.test.ts has those of real Engines.
describe('why an Engine does not answer', () => {
  it.each([
    [
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-20T14:47:10Z is after 2026-11-19T14:47:10Z',
      /fails: its certificate has expired/,
      /^make a new one on node1/,
    ],
    [
      'tls: failed to verify certificate: x509: certificate is valid for 10.0.0.9, not 10.0.0.1',
      /fails: its certificate is for another address/,
      /subjectAltName/,
    ],
    [
      "tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
      /fails: its certificate is for another address/,
      /subjectAltName/,
    ],
    [
      'write tcp 10.0.0.9:53308->10.0.0.1:2376: write: connection reset by peer',
      /fails: it breaks off/,
      /cp ca\.pem cert\.pem key\.pem "\$\{DOCKER_CERT_PATH/,
    ],
    [
      'remote error: tls: handshake failure',
      /TLS with its Docker Engine fails$/,
      /cp ca\.pem cert\.pem key\.pem "\$\{DOCKER_CERT_PATH/,
    ],
    ['dial tcp 10.0.0.1:2376: i/o timeout', /does not answer$/, /^start Docker on node1/],
  ])('reads %j', (words, message, fix) => {
    expect(noAnswer(node, endpoint, get(words), 15_000)).toMatchObject({
      code: 'MACHINE_NODE_UNREACHABLE',
      message: expect.stringMatching(message),
      found: expect.stringContaining(words),
      fix: expect.stringMatching(fix),
    });
  });

  it('says how a context gets other certificates', () => {
    const { fix } = noAnswer(node, 'context:lab', get('remote error: tls: certificate required'), 15_000);
    expect(fix).toContain('docker context update lab --docker host=tcp://10.0.0.1:2376,ca=');
  });

  it('says how long it was waited for', () => {
    const { message } = noAnswer(node, endpoint, { kind: 'stopped' }, 15_000);
    expect(message).toBe(`node1 (${endpoint}): its Docker Engine gives no answer in 15 s`);
  });

  it('does not blame a machine, or a context, where docker is missing here', () => {
    const missing = { kind: 'missing' } as const;
    expect(noAnswer(node, endpoint, missing, 15_000).code).toBe('MACHINE_NO_DOCKER');
    expect(noContext(node, 'lab', missing).code).toBe('MACHINE_NO_DOCKER');
  });
});
