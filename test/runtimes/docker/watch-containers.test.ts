import { describe, expect, it } from 'vitest';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';
import { handedOver, watchContainers } from '../../../runtimes/docker/start/watch-containers.ts';
import { FakeDocker, ended } from './fake-docker.ts';

/** A watched lab on a fake Engine; what a container said last, and how the Engine says it ended. */
function watched(log: readonly string[] = ['bye'], state = 'false\t') {
  const docker = new FakeDocker();
  docker.answers.push(['docker logs', log], ['docker inspect', [state]]);
  const controller = new AbortController();
  const { signal } = controller;
  const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: '/', signal });
  let failure: string | undefined;
  const watching = watchContainers(engine, 'lab', signal, 1_700_000_000_250);
  const broken = watching.then((error) => {
    const [{ code, message, fix = '' }] = error.problems;
    failure = `${code}: ${message} -> ${fix}`;
  });
  const event = (action: string, exitCode = 1, more: { readonly signal?: number; readonly time?: number } = {}) => {
    const said = more.signal === undefined ? {} : { signal: String(more.signal) };
    const attributes = { exitCode: String(exitCode), 'com.docker.compose.service': 'master1', ...said };
    docker.emit({ Action: action, Actor: { ID: 'abc', Attributes: attributes }, time: more.time ?? 1_700_000_000 });
  };
  /** What is known after everything that was begun has ended: the fake answers within a turn of the event loop. */
  const known = async () => {
    await new Promise(setImmediate);
    return failure;
  };
  return {
    docker,
    event,
    known,
    broken,
    watching,
    controller,
    end: () => {
      controller.abort();
    },
  };
}

describe('a container that ends while a lab starts', () => {
  it('may have waited for its neighbour, once and twice; the third time it goes in a circle', async () => {
    const { event, known } = watched(['Lost leadership... committing suicide!']);
    event('die');
    event('die');
    expect(await known()).toBeUndefined();
    event('die');
    expect(await known()).toContain('CONTAINER_FAILED: master1 ended with exit code 1, 3 times');
  });

  it.each([
    ["Failed to find a mounted cgroups hierarchy for the 'cpu' subsystem", 'cgroup v2'],
    ['exec /usr/bin/mesos-master: exec format error', 'another processor'],
    ['Failed to bind on 0.0.0.0:5050: Address already in use', 'a port is taken'],
    ['Incompatible agent info detected.', 'work folder is of before'],
    ["Failed to load unknown flag 'foo'", 'not one that this version takes'],
    ["Expecting a (chroot) path for ZooKeeper ('/' is not supported)", 'ZooKeeper URL is wrong'],
    ["Failed to load flag 'quorum': Failed to load value 'abc'", 'quorum of the masters is wrong'],
    ['write /data/version-2/log.1: no space left on device', 'disk of the Docker Engine is full'],
    ['Error response from daemon: client version 1.29 is too old. Minimum supported API version is 1.44', 'same API'],
  ])('for a reason that stays is not waited for: %s', async (line, cause) => {
    const { event, known } = watched([line]);
    event('die');
    expect(await known()).toContain(cause);
  });

  it('for lack of memory is not waited for', async () => {
    const { event, known } = watched(['working'], 'true\t');
    event('die', 137);
    expect(await known()).toMatch(/master1 ended with exit code 137: .*more memory.*-> .*raise mem_limit of master1/);
  });

  it('for lack of memory, which the Engine does not tell, is said to be likely at the third time', async () => {
    const { event, known } = watched(['working']);
    event('die', 137);
    event('die', 137);
    expect(await known()).toBeUndefined();
    event('die', 137);
    expect(await known()).toMatch(/137, 3 times: it was killed, most likely.*-> .*raise mem_limit of master1/);
  });

  it('whose program cannot be started is not waited for', async () => {
    const { event, known } = watched([], 'false\tOCI runtime create failed: exec: "nope": executable file not found');
    event('die', 127);
    expect(await known()).toContain('does not have the program');
  });

  it('because somebody ended it means nothing', async () => {
    const { event, known } = watched(['exec format error']);
    event('kill');
    event('die', 143);
    expect(await known()).toBeUndefined();
  });

  it('soon after a signal that asks for it means nothing, and much later does', async () => {
    const { event, known } = watched(['exec format error']);
    event('kill', 0, { signal: 15, time: 1000 });
    event('die', 143, { time: 1010 });
    expect(await known()).toBeUndefined();
    // A thread dump, say, which a program goes on after.
    event('kill', 0, { signal: 3, time: 2000 });
    event('die', 1, { time: 2100 });
    expect(await known()).toContain('another processor');
  });

  it('counts after a signal that ends nobody', async () => {
    const { event, known } = watched(['exec format error']);
    event('kill', 0, { signal: 1 });
    event('die', 1);
    expect(await known()).toContain('another processor');
  });

  it('before the Engine was heard counts, too: its events are asked for from the beginning', () => {
    const { docker } = watched();
    expect(docker.asked[0]).toMatch(/^docker events --since 1700000000\.250 /);
  });

  it('is not confused with the end of a health check in it', async () => {
    const { event, known } = watched(['exec format error']);
    event('kill');
    event('exec_die');
    event('die', 143);
    expect(await known()).toBeUndefined();
  });
});

describe('an Engine that stops while a lab starts', () => {
  it('is said at once', async () => {
    const docker = new FakeDocker();
    docker.answers.push(['docker events', ended(1, '', 'unexpected EOF')]);
    const { signal } = new AbortController();
    const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: '/', signal });
    const { problems } = await watchContainers(engine, 'lab', signal);
    expect(problems).toMatchObject([{ code: 'MACHINE_DOCKER_DOWN' }]);
  });

  it('is no matter when nobody watches any more', async () => {
    const { end, known } = watched();
    end();
    expect(await known()).toBeUndefined();
  });
});

describe('the watch of a start that is handed over', () => {
  it('tells what its start was told', async () => {
    const { event, watching, controller } = watched(['exec format error']);
    const { signal } = new AbortController();
    event('die');
    expect((await handedOver(watching, controller)(signal)).problems[0].code).toBe('CONTAINER_FAILED');
  });

  it('ends with the signal of whoever took it over, and then tells nothing', async () => {
    const { event, known, watching, controller } = watched(['exec format error']);
    const taken = new AbortController();
    void handedOver(watching, controller)(taken.signal);
    expect(controller.signal.aborted).toBe(false);
    event('die');
    taken.abort();
    expect(controller.signal.aborted).toBe(true);
    expect(await known()).toBeUndefined();
    const late = new AbortController();
    const before = watched();
    late.abort();
    void handedOver(before.watching, before.controller)(late.signal);
    expect(before.controller.signal.aborted).toBe(true);
  });
});
