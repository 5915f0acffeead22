import { describe, expect, it } from 'vitest';
import { failedTaskOf, FailuresAlike } from '../../checks/failed-tasks.ts';
import { likelyCause } from '../../checks/likely-cause.ts';

const version = '2026-01-01T00:00:00.000Z';
const failed = (taskId: string, message: string, more = {}) =>
  failedTaskOf({ version, lastTaskFailure: { taskId, message, state: 'TASK_FAILED', version, ...more } });
const noted = (...failures: readonly ReturnType<typeof failed>[]) => {
  const alike = new FailuresAlike();
  return failures.map((each) => alike.areHopeless(each));
};

describe('tasks that fail one after another', () => {
  it('are hopeless with the third that says the same', () => {
    expect(noted(undefined, failed('a', 'x'), failed('a', 'x'), failed('b', 'x'), failed('c', 'x'))).toEqual([
      ...[false, false, false, false],
      true,
    ]);
  });

  it('say the same when only ids differ', () => {
    const id = (digit: string) =>
      `Container ${digit.repeat(8)}-1111-4111-8111-${digit.repeat(12)} of ${digit.repeat(64)} ended`;
    expect(noted(failed('a', id('a')), failed('b', id('b')), failed('c', id('c')))).toEqual([false, false, true]);
  });

  it('are not while they say something else each time', () => {
    expect(noted(failed('a', 'x'), failed('b', 'x'), failed('c', 'y'), failed('d', 'x'))).toEqual(Array(4).fill(false));
  });

  it.each([
    ['of an agent that is lost', { state: 'TASK_LOST' }],
    ['that were killed', { state: 'TASK_KILLED' }],
    ['of an older version', { version: '2025-12-31T00:00:00.000Z' }],
  ])('are no fault of the app: those %s', (_, more) => {
    expect(noted(failed('a', 'x', more), failed('b', 'x', more), failed('c', 'x', more))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('have more time when it is their image that cannot be pulled', () => {
    const pull = "Failed to run 'docker -H unix:///var/run/docker.sock pull nginx:1.27': exited with status 1";
    expect(noted(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => failed(id, pull)))).toEqual([
      ...Array<boolean>(5).fill(false),
      true,
    ]);
  });
});

describe('the likely cause', () => {
  // As they were seen with clusterd and Apache Mesos 1.12.
  it.each([
    ["Unable to create image: Unable to find 'ContainerConfig.Entrypoint'", /API 1\.45/, /DOCKER_API_VERSION=1\.44/],
    ["terminate called after throwing an instance of 'std::length_error'", /clusterd/, /generate/],
    ["Missing required '--network_cni_plugins_dir' flag", /clusterd/, /generate/],
    [
      "Failed to create containerizer: Failed to bind mount '/run/mesos/isolators/network/cni': Permission denied",
      /mount/,
      /privileged/,
    ],
    ['Unknown mode', /load balancer/, /arguments/],
  ])('of %s', (said, cause, fix) => {
    expect(likelyCause(said)).toEqual({
      cause: expect.stringMatching(cause) as string,
      fix: expect.stringMatching(fix) as string,
    });
  });
});
