import { describe, expect, it } from 'vitest';
import { failedTaskOf, FailuresAlike } from '../../checks/failed-tasks.ts';
import { likelyCause, likelyCauseOfTask } from '../../checks/likely-cause.ts';

const pullFailure = "Failed to run 'docker -H unix:///var/run/docker.sock pull nginx:1.27': exited with status 1";
const version = '2026-01-01T00:00:00.000Z';
const failed = (taskId: string, message: string, more = {}) =>
  failedTaskOf({ version, lastTaskFailure: { taskId, message, state: 'TASK_FAILED', version, ...more } });
type Failure = ReturnType<typeof failed>;
const notedOf = (instances: number, ...failures: readonly Failure[]) => {
  const alike = new FailuresAlike();
  return failures.map((each) => alike.areHopeless(each, instances));
};
const noted = (...failures: readonly Failure[]) => notedOf(1, ...failures);

describe('a task that failed', () => {
  it('is of the app as it is also after a scaling, which makes a version and leaves tasks as they are', () => {
    const scaled = (changedAt: string) => ({
      version: '2026-01-02T00:00:00.000Z',
      versionInfo: { lastConfigChangeAt: changedAt },
      lastTaskFailure: { taskId: 'a', message: 'x', state: 'TASK_FAILED', version },
    });
    expect(failedTaskOf(scaled(version))?.isAppsFault).toBe(true);
    expect(failedTaskOf(scaled('2026-01-02T00:00:00.000Z'))?.isAppsFault).toBe(false);
  });
});

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

  it('say the same when only a port differs, and not when an exit status does', () => {
    const port = (id: string, number: number) => failed(id, `Bind for 0.0.0.0:${number} failed`);
    expect(noted(port('a', 31_005), port('b', 31_006), port('c', 31_007)).at(-1)).toBe(true);
    const exit = (id: string, status: number) => failed(id, `Container exited with status ${status}`);
    expect(noted(exit('a', 1), exit('b', 2), exit('c', 3))).toEqual([false, false, false]);
  });

  it('are not while they say something else each time', () => {
    expect(noted(failed('a', 'x'), failed('b', 'x'), failed('c', 'y'), failed('d', 'z'))).toEqual(Array(4).fill(false));
  });

  it('are so with the third that says the same, whatever another agent says in between', () => {
    expect(noted(failed('a', 'x'), failed('b', 'y'), failed('c', 'x'), failed('d', 'y'), failed('e', 'x')).at(-1)).toBe(
      true,
    );
  });

  it('are not while each of several instances may have failed only twice', () => {
    const failures = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => failed(id, 'x'));
    expect(notedOf(3, ...failures)).toEqual([...Array<boolean>(6).fill(false), true]);
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

  it('are with the second that says what Mesos cannot do at all, however many instances there are', () => {
    const said = "Failed to launch container: Unable to create image: Unable to find 'ContainerConfig.Entrypoint'";
    expect(notedOf(5, failed('a', said), failed('a', said), failed('b', said))).toEqual([false, false, true]);
  });

  it('are with the third whose URIs cannot be fetched: a server may come up', () => {
    const said = (digit: string) =>
      `Failed to launch container: Failed to fetch all URIs for container '${digit.repeat(8)}-1111-4111-8111-${digit.repeat(12)}': exited with status 1`;
    expect(noted(failed('a', said('a')), failed('b', said('b')), failed('c', said('c')))).toEqual([false, false, true]);
  });

  it('have more time when it is their image that cannot be pulled', () => {
    expect(noted(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => failed(id, pullFailure)))).toEqual([
      ...Array<boolean>(5).fill(false),
      true,
    ]);
  });
});

describe('the likely cause', () => {
  const found = (cause: RegExp, fix: RegExp) => ({
    cause: expect.stringMatching(cause) as string,
    fix: expect.stringMatching(fix) as string,
  });
  const lengthError = "Container terminated\nterminate called after throwing an instance of 'std::length_error'";

  // As they were seen with clusterd and Apache Mesos 1.12.
  it.each([
    ["Unable to create image: Unable to find 'ContainerConfig.Entrypoint'", /API 1\.45/, /DOCKER_API_VERSION=1\.44/],
    [lengthError, /clusterd.*network_cni_plugins_dir/, /generate/],
    [pullFailure, /cannot pull/, /up gives it/],
    ["Failed to fetch all URIs for container 'c': exited with status 1", /cannot fetch/, /under fetch/],
    [
      "Failed to run 'docker run i': exited with status 125; stderr='docker: Error response from daemon: network n not found.'",
      ...[/no Docker network/, /taskNetwork/],
    ],
    [
      'Container exited with status 125\ndocker: Error response from daemon: failed to set up container networking: network n not found',
      ...[/no Docker network/, /taskNetwork/],
    ],
    [
      'Failed to run simulated container of image nginx:1.27: port 80 of an address of its own: EACCES',
      ...[/need root/, /1024/],
    ],
  ])('of a task that ends with %s', (said, cause, fix) => {
    expect(likelyCauseOfTask(said)).toEqual(found(cause, fix));
  });

  it.each(["Missing required '--network_cni_plugins_dir' flag", "Missing required '--network_cni_config_dir' flag"])(
    'of an agent that ends with %s',
    (said) => {
      expect(likelyCause(said)).toEqual(found(/without the other/, /set both/));
    },
  );

  it('of an agent that may not mount is not that of any program that lacks permissions', () => {
    const said =
      "Failed to create containerizer: Failed to bind mount '/run/mesos/isolators/network/cni': Permission denied";
    expect(likelyCause(said)).toEqual(found(/may not mount/, /privileged/));
  });

  it('of a load balancer is that it has no arguments', () => {
    expect(likelyCause('Unknown mode . Synopsis: /marathon-lb/run poll|sse|event')).toEqual(
      found(/load balancer/, /images\.overrides for marathon-lb/),
    );
  });

  it.each([
    'Command exited with status 1\nsh: ./server: Permission denied',
    'Command exited with status 1\nError: listen EADDRINUSE: address already in use :::8080',
    "Container exited with status 134\nterminate called after throwing an instance of 'std::length_error'",
    'Container exited with status 1\nUnknown mode',
  ])('is not sought in the lab where an app says itself: %s', (said) => {
    expect(likelyCauseOfTask(said)).toBeUndefined();
  });
});
