import { describe, expect, it } from 'vitest';
import { sshDestination, sshProblem } from '../../../runtimes/hosts/nodes/ssh-problem.ts';

const failed = (words: string) => ({ kind: 'failed', words, timedOut: false }) as const;

describe('why a machine is not reached over SSH', () => {
  it.each([
    [
      'No ED25519 host key is known for 10.0.0.2 and you have requested strict checking.\nHost key verification failed.',
      /host key is not known here, and is never accepted unseen/,
      /ssh-keyscan -p 2222 10\.0\.0\.2/,
    ],
    [
      '@@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n@@@@@\nHost key verification failed.',
      /host key is another one/,
      /ssh-keygen -R 10\.0\.0\.2/,
    ],
    ['me@10.0.0.2: Permission denied (publickey).', /does not take the SSH key/, /ssh-copy-id -p 2222 me@10\.0\.0\.2/],
    ['ssh: connect to host 10.0.0.2 port 2222: Connection refused', /nobody listens/, /start sshd/],
    ['ssh: connect to host 10.0.0.2 port 2222: Connection timed out', /does not answer/, /ping 10\.0\.0\.2/],
    ['ssh: Could not resolve hostname x: Name or service not known', /name is not known/, /address/],
    ['something new', /ssh failed/, /ssh -p 2222 me@10\.0\.0\.2 must work without a question/],
  ])('reads %j', (words, message, fix) => {
    const problem = sshProblem('node2', { user: 'me', host: '10.0.0.2', port: 2222 }, failed(words));
    expect(problem).toMatchObject({
      code: 'MACHINE_NODE_UNREACHABLE',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    });
    expect(problem.message).toContain('node2 (10.0.0.2)');
  });

  it('reads no answer at all as a machine that is off', () => {
    const problem = sshProblem('node2', { host: '10.0.0.2' }, { kind: 'failed', words: '', timedOut: true });
    expect(problem.message).toContain('does not answer');
  });
});

describe('a place of the spec', () => {
  it.each([
    ['ssh://me@10.0.0.2:2222', { user: 'me', host: '10.0.0.2', port: 2222 }],
    ['ssh://10.0.0.2', { host: '10.0.0.2' }],
    ['ssh://me@[fd00::2]', { user: 'me', host: 'fd00::2' }],
    ['unix:///var/run/docker.sock', undefined],
  ])('is read: %s', (endpoint, destination) => {
    expect(sshDestination(endpoint)).toEqual(destination);
  });
});
