import { describe, expect, test } from 'vitest';
import { DockerError, type DockerCli } from '../../../../engine/agent/docker/docker-cli.ts';
import { imagePuller, type ImageUser } from '../../../../engine/agent/docker/image-puller.ts';
import type { RegistryLogins } from '../../../../engine/agent/docker/registry-login.ts';

interface Call {
  readonly words: string;
  readonly signal: AbortSignal | undefined;
  readonly home: string | undefined;
  readonly succeed: () => void;
  readonly fail: (stderr: string) => void;
}

/** A CLI whose commands end when the test says so. */
function heldCli() {
  const calls: Call[] = [];
  const run: DockerCli['run'] = (words, { signal, env }) =>
    new Promise((resolve, reject) => {
      const succeed = () => {
        resolve('');
      };
      const fail = (stderr: string) => {
        reject(new DockerError('failed', stderr, stderr, 1));
      };
      calls.push({ words: words.join(' '), signal, home: env?.['HOME'], succeed, fail });
    });
  const cli: DockerCli = {
    ...{ program: 'docker', words: [], run },
    capture: () => Promise.reject(new Error('not asked for')),
  };
  const logins: RegistryLogins = (sandbox) => Promise.resolve({ key: sandbox, withHome: (action) => action(sandbox) });
  return { images: imagePuller(cli, logins, 1000), calls, words: () => calls.map((call) => call.words) };
}

const look = 'inspect --type=image busy:1';
const pull = 'pull busy:1';
const user = (more: Partial<ImageUser> = {}): ImageUser => ({
  ...{ sandbox: '/sandbox', isForced: false, signal: new AbortController().signal },
  ...more,
});
/** What is under way comes to rest: here all is promises. */
const rest = () => new Promise((resolve) => setImmediate(resolve));

describe('images', () => {
  test('are looked for and pulled once, however many tasks ask for one', async () => {
    const { images, calls, words } = heldCli();
    const asked = ['a', 'b', 'c'].map(() => images.provide('busy:1', user()));
    await rest();
    expect(words()).toEqual([look]);
    calls[0]?.fail('Error: No such image: busy:1');
    await rest();
    asked.push(images.provide('busy:1', user()));
    await rest();
    expect(words()).toEqual([look, pull]);
    calls[1]?.succeed();
    await Promise.all(asked);
    expect(words()).toEqual([look, pull]);
  });

  test('that are there are not pulled, unless they must be', async () => {
    const { images, calls, words } = heldCli();
    const asked = images.provide('busy:1', user());
    await rest();
    calls[0]?.succeed();
    await asked;
    const forced = images.provide('busy:1', user({ isForced: true }));
    await rest();
    calls[1]?.succeed();
    await forced;
    expect(words()).toEqual([look, pull]);
  });

  test('are pulled again for the next that asks, when a pull has failed', async () => {
    const { images, calls, words } = heldCli();
    const first = images.provide('busy:1', user({ isForced: true }));
    await rest();
    calls[0]?.fail('no such host');
    await expect(first).rejects.toThrow('no such host');
    const second = images.provide('busy:1', user({ isForced: true }));
    await rest();
    calls[1]?.succeed();
    await second;
    expect(words()).toEqual([pull, pull]);
  });

  test('are looked for once, but pulled for each that has credentials of its own', async () => {
    const { images, calls, words } = heldCli();
    const [one, other] = ['/one', '/other'].map((sandbox) => images.provide('busy:1', user({ sandbox })));
    await rest();
    expect(words()).toEqual([look]);
    calls[0]?.fail('Error: No such image: busy:1');
    await rest();
    expect(words()).toEqual([look, pull, pull]);
    expect(calls.map(({ home }) => home)).toEqual([undefined, '/one', '/other']);
    calls[1]?.succeed();
    calls[2]?.fail('unauthorized');
    await one;
    await expect(other).rejects.toThrow('unauthorized');
  });

  test.each([
    ['looked for', false],
    ['pulled', true],
  ])('that are %s: who gives up waits no more, and the command ends with the last one', async (_, isForced) => {
    const { images, calls } = heldCli();
    const [first, second] = [new AbortController(), new AbortController()];
    const one = images.provide('busy:1', user({ isForced, signal: first.signal }));
    const other = images.provide('busy:1', user({ isForced, signal: second.signal }));
    await rest();
    first.abort();
    await expect(one).rejects.toThrow('The pull was discarded');
    expect(calls[0]?.signal?.aborted).toBe(false);
    second.abort();
    await expect(other).rejects.toThrow('The pull was discarded');
    expect(calls[0]?.signal?.aborted).toBe(true);
    expect(calls).toHaveLength(1);
  });
});
