import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probesOf } from '../../../planning/catalogue/probes.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { readDockerRecord, writeDockerRecord } from '../../../runtimes/docker/lab/docker-record.ts';
import { ended, untilAborted } from './fake-docker.ts';
import { fakeLab } from './fake-lab.ts';

const compose = (asked: readonly string[], verb: string) =>
  asked.filter((command) => command.startsWith('docker compose') && command.includes(` ${verb} `));
const hasState = (directory: string) => existsSync(join(directory, '.mesos-cluster/run'));
const problem = (code: string, more: object = {}) => ({ problems: [expect.objectContaining({ code, ...more })] });

describe('a start on Docker', () => {
  it('is one Compose command that neither pulls, builds nor waits', async () => {
    const { docker, directory, file, runtime, options, makeContainers } = await fakeLab();
    docker.answers.push([' up ', makeContainers]);
    const lab = await runtime.start({ directory }, options);
    expect(compose(docker.asked, 'up')).toEqual([
      `docker compose --ansi never --progress plain --project-name lab --project-directory ${directory} --file ${file} --profile * up --detach --remove-orphans --no-build --pull never`,
    ]);
    expect(lab.parts.filter(({ state }) => state === 'running').map(({ id }) => id)).toEqual(['master1', 'zookeeper1']);
    await lab.keep();
    expect(await runtime.find({ directory })).toMatchObject({ kind: 'running', lab: { runtime: 'docker' } });
  });

  it('is known when it was started before `runtime` was called `placement`', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    docker.answers.push([' up ', makeContainers]);
    await (await runtime.start({ directory }, options)).keep();
    const path = join(directory, '.mesos-cluster/run/docker/lab.json');
    const written = readFileSync(path, 'utf8');
    expect(written).toContain('"placement":"one-host"');
    writeFileSync(path, written.replace('"placement":"one-host"', '"runtime":"docker"'));
    const found = await runtime.find({ directory });
    expect(found).toMatchObject({ kind: 'running', lab: { plan: { placement: 'one-host' } } });
    expect(await ('lab' in found ? found.lab.differences(options) : undefined)).toEqual([]);
  });

  it('says who started it when this user may not talk to the Engine', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    docker.answers.push([' up ', makeContainers]);
    await (await runtime.start({ directory }, options)).keep();
    const said = 'permission denied while trying to connect to the Docker daemon socket at unix:///x';
    docker.answers.unshift(['ps', ended(1, '', said)]);
    const owner = nodeFileSystem.ownerOf(directory) ?? '';
    await expect(runtime.find({ directory })).rejects.toMatchObject(
      problem('MACHINE_DOCKER_PERMISSION', {
        message: expect.stringContaining(`${owner} started this lab; nothing was done, what runs of it runs on`),
        fix: expect.stringContaining(`sudo -u ${owner} create-mesos-cluster VERB --lab ${directory}`),
      }),
    );
  });

  it('leaves nothing when it is given up', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    docker.answers.push([' up ', makeContainers]);
    await (await runtime.start({ directory }, options)).abandon();
    expect([docker.containers, docker.networks, docker.volumes]).toEqual([[], [], []]);
    expect(hasState(directory)).toBe(false);
  });

  it('leaves nothing when Compose fails, and says why in words', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    docker.answers.push([
      ' up ',
      () => {
        makeContainers();
        return ended(1, '', 'Error response from daemon: mkdir /var/lib/docker/x: no space left on device');
      },
    ]);
    await expect(runtime.start({ directory }, options)).rejects.toMatchObject(
      problem('COMMAND_FAILED', { message: expect.stringContaining('the disk of the Docker Engine is full') }),
    );
    expect([docker.containers, hasState(directory)]).toEqual([[], false]);
  });

  it('names the container that the Engine could not start', async () => {
    const { docker, directory, runtime, options, container } = await fakeLab();
    const words =
      'failed to create task for container: exec: "mesos-agent": executable file not found in $PATH: unknown';
    docker.answers.push(['docker inspect', ended(0, `\n${words}\n`)]);
    docker.answers.push([
      ' up ',
      () => {
        docker.containers.push(container('agent1', { state: 'created' }), container('agent2', { state: 'created' }));
        return ended(1, '', `Error response from daemon: ${words}`);
      },
    ]);
    await expect(runtime.start({ directory }, options)).rejects.toMatchObject(
      problem('COMMAND_FAILED', {
        message: expect.stringMatching(/^Docker could not start agent2: the image does not/),
      }),
    );
  });

  it('leaves what was started with --retain, to be ended by down, and says so', async () => {
    const { docker, directory, runtime, options, makeContainers, tell } = await fakeLab();
    docker.answers.push([' up ', () => (makeContainers(), ended(1))]);
    await expect(runtime.start({ directory }, { ...options, retain: true })).rejects.toThrow();
    expect(tell.told.join('\n')).toContain('What was started is left (--retain)');
    expect(docker.containers).toHaveLength(2);
    expect(await runtime.remove({ directory })).toMatchObject({ removed: '2 containers, 1 network and 1 volume' });
    expect([docker.containers, hasState(directory)]).toEqual([[], false]);
  });

  it('leaves what ran before when a change of it is given up', async () => {
    const { docker, directory, runtime, options, makeContainers, tell } = await fakeLab();
    makeContainers();
    await (await runtime.start({ directory }, options)).abandon();
    expect(docker.containers).toHaveLength(2);
    expect(tell.told.join('\n')).toContain('What was there before is left');
  });

  it('names who holds a port that was taken between the look and the start', async () => {
    const { docker, directory, runtime, options, taken } = await fakeLab();
    taken.set(8080, 'nginx \n -g');
    const words = 'Bind for 127.0.0.1:8080 failed: port is already allocated';
    docker.answers.push([' up ', ended(1, '', `Error response from daemon: ${words}`)]);
    await expect(runtime.start({ directory }, options)).rejects.toMatchObject(
      problem('MACHINE_PORT_TAKEN', { found: 'process 99 (nginx -g)' }),
    );
  });

  it('shows the last words of a container that does not become healthy', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    docker.answers.push(['docker logs', ['starting', 'Invalid config, exiting abnormally']]);
    const words = 'dependency failed to start: container lab-zookeeper1-1 is unhealthy';
    docker.answers.push([' up ', () => (makeContainers(), ended(1, '', words))]);
    await expect(runtime.start({ directory }, options)).rejects.toMatchObject(
      problem('CONTAINER_FAILED', {
        message: expect.stringMatching(/^zookeeper1 runs, but does not become healthy: Zoo/),
      }),
    );
  });

  it('tells a container that never started from one that runs and is ill', async () => {
    const { docker, directory, runtime, options, container } = await fakeLab();
    const words = 'dependency failed to start: container lab-zookeeper1-1 has no healthcheck configured';
    docker.answers.push([
      ' up ',
      () => (docker.containers.push(container('zookeeper1', { state: 'created' })), ended(1, '', words)),
    ]);
    await expect(runtime.start({ directory }, options)).rejects.toMatchObject(
      problem('CONTAINER_FAILED', { message: expect.stringMatching(/^zookeeper1 was made, but did not start/) }),
    );
  });

  /** Compose that waits for the health of a service until it is ended, and what that service's health check says. */
  const waitsFor = (lab: Awaited<ReturnType<typeof fakeLab>>, service: string, role: string, output: string) => {
    const { docker, container } = lab;
    const log = [
      { ExitCode: 0, Output: '' },
      { ExitCode: -1, Output: output },
    ];
    docker.answers.push(['{{json .State.Health}}', [JSON.stringify({ Status: 'starting', Log: log })]]);
    docker.answers.push([
      ' up ',
      (signal, _env, onLine) => {
        docker.containers.push(container(service, { role, image: 'mine:1' }), container('other'));
        onLine?.(` Container lab-${service}-1  Waiting`);
        return untilAborted(signal);
      },
    ]);
  };

  it.each([
    ['zookeeper', 'exec: "bash": executable file not found in $PATH: unknown', 'bash', 'the one of nc that'],
    [
      'mesos-master',
      'exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown',
      '/bin/bash',
      'bash, curl',
    ],
    [
      'mesos-master',
      'crun: executable file `bash` not found in $PATH: No such file',
      'bash',
      'the one of curl, wget, nc',
    ],
    ['marathon', 'bash: line 1: grep: command not found\n', 'grep', 'bash, curl, wget, nc'],
    ['zookeeper', 'sh: 1: nc: not found\n', 'nc', 'the one of bash that'],
    ['zookeeper', 'sh: nc: not found\n', 'nc', 'images.overrides.zookeeper.probe'],
    ['docker-engine', 'exec: "docker": executable file not found', 'docker', 'images.overrides.docker-engine.image'],
  ])('of a %s whose health check says %j ends with that at once', async (role, output, program, fix) => {
    const lab = await fakeLab();
    waitsFor(lab, 'part1', role, output);
    await expect(lab.runtime.start({ directory: lab.directory }, lab.options)).rejects.toMatchObject(
      problem('CONTAINER_FAILED', {
        message: `part1 cannot be asked for its health: the image mine:1 does not have the program ${program}`,
        found: expect.stringContaining(output.trim()),
        fix: expect.stringContaining(fix),
      }),
    );
    expect([lab.docker.containers, hasState(lab.directory)]).toEqual([[], false]);
  });

  it('names in the fix only probes that a spec may say', () => {
    expect(probesOf('zookeeper')).toEqual(expect.arrayContaining(['bash', 'nc', 'none']));
    expect(probesOf('marathon')).toEqual(expect.arrayContaining(['bash', 'curl', 'wget', 'nc', 'none']));
  });

  it('goes on waiting for a health check that can be asked, and says no', async () => {
    const lab = await fakeLab();
    waitsFor(lab, 'part1', 'marathon', 'wget: server returned error: HTTP/1.1 404 Not Found');
    const interruption = new AbortController();
    const starting = lab.runtime.start({ directory: lab.directory }, { ...lab.options, signal: interruption.signal });
    const looks = () => lab.docker.asked.filter((command) => command.includes('.State.Health')).length;
    await expect.poll(looks).toBeGreaterThan(2);
    interruption.abort('enough');
    await expect(starting).rejects.toBe('enough');
  });

  it('is over when the signal says so, and leaves nothing', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    const interruption = new AbortController();
    docker.answers.push([
      ' up ',
      (signal) => {
        makeContainers();
        interruption.abort('SIGINT');
        return untilAborted(signal);
      },
    ]);
    const start = runtime.start({ directory }, { ...options, signal: interruption.signal });
    await expect(start).rejects.toBe('SIGINT');
    expect([docker.containers, hasState(directory)]).toEqual([[], false]);
  });

  it('keeps variables of the shell from pointing Compose to something else', async () => {
    const { docker, directory, runtime, options } = await fakeLab();
    const seen: unknown[] = [];
    docker.answers.push([' up ', (_signal, env) => (seen.push(env), [])]);
    await runtime.start({ directory }, options);
    expect(seen).toEqual([{ COMPOSE_FILE: undefined }]);
  });

  it.each([
    [{ DOCKER_HOST: 'unix:///run/other.sock' }, '/run/other.sock'],
    [{ DOCKER_HOST: 'unix:///run/other.sock', DOCKER_SOCKET: '/mine.sock' }, undefined],
    // Of a virtual machine, in which the socket is at its usual place.
    [{ DOCKER_HOST: 'unix:///home/ann/.colima/default/docker.sock' }, undefined],
    [{ DOCKER_HOST: 'ssh://ann@elsewhere' }, undefined],
  ])('tells the Compose file where the Engine of %j listens: %s', async (env, socket) => {
    const { docker, directory, runtime, options } = await fakeLab({}, env);
    const seen: unknown[] = [];
    docker.answers.push([' up ', (_signal, own) => (seen.push((own as NodeJS.ProcessEnv).DOCKER_SOCKET), [])]);
    await runtime.start({ directory }, options);
    expect(seen).toEqual([socket]);
  });
});

it('an agent that becomes a new one unregisters first, so that nobody waits for the old one', async () => {
  const { docker, directory, runtime, plan, options, container } = await fakeLab();
  docker.containers.push(container('agent1'));
  await (await runtime.start({ directory }, options)).keep();
  docker.asked.length = 0;
  const agents = plan.agents.map((agent) => ({ ...agent, attributes: 'rack:b' }));
  await runtime.start({ directory }, { ...options, plan: { ...plan, agents } });
  const ends = docker.asked.filter((command) => /^docker (?:kill|rm) /.test(command));
  expect(ends).toEqual(['docker kill --signal SIGUSR1 id-agent1', 'docker rm --force id-agent1']);
});

describe('which Compose file is run', () => {
  const fileOf = async (
    change: (lab: Awaited<ReturnType<typeof fakeLab>>) => void,
    settings: readonly unknown[] = [],
  ) => {
    const lab = await fakeLab();
    change(lab);
    const { docker, directory, runtime, options, tell } = lab;
    await (await runtime.start({ directory }, { ...options, settings })).keep();
    const path = /--file (\S+)/.exec(compose(docker.asked, 'up')[0] ?? '')?.[1] ?? '';
    return { path: path.slice(directory.length + 1), text: readFileSync(path, 'utf8'), told: tell.told.join('\n') };
  };

  it('is the one that was edited by hand, which is said', async () => {
    const { path, told } = await fileOf(({ file }) => {
      writeFileSync(file, 'name: lab\n# mine\n');
    });
    expect([path, told]).toEqual(['docker-compose.yml', expect.stringContaining('was edited')]);
  });

  it('is one beside the run when flags say something else', async () => {
    const { path, text } = await fileOf(
      ({ file }) => {
        writeFileSync(file, 'name: lab\n');
      },
      [{ path: ['ports', 'offset'], value: 100 }],
    );
    expect(path).toBe('.mesos-cluster/run/docker/docker-compose.yml');
    expect(text).toContain('services:');
  });
});

describe('what a start would change', () => {
  it('is what Compose says in a trial: what is there and does not run is only started', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    makeContainers();
    docker.answers.push([
      ' --dry-run ',
      [
        ' DRY-RUN MODE -  Container lab-zookeeper1-1  Running',
        ' DRY-RUN MODE -  Container lab-master1-1  Created',
        ' DRY-RUN MODE -  Container lab-marathon1-1  Creating',
        ' DRY-RUN MODE -  Container lab-marathon1-1  Created',
        ' DRY-RUN MODE -  Container 0123456789ab_lab-agent1-1  Recreate',
        ' DRY-RUN MODE -  Container lab-master1-1  Starting',
      ],
    ]);
    const found = await runtime.find({ directory });
    const differences = found.kind === 'running' ? await found.lab.differences(options) : [];
    expect(differences).toEqual(['master1 is started', 'marathon1 is added', 'agent1 is changed']);
  });

  it('is asked without a trial start, which waits for health; what was never started is started', async () => {
    const { docker, directory, runtime, options, makeContainers, container } = await fakeLab();
    makeContainers();
    docker.containers.push(container('marathon1', { state: 'created' }), container('agent1', { state: 'created' }));
    docker.answers.push([' --dry-run ', [' DRY-RUN MODE -  Container lab-agent1-1  Recreate']]);
    const found = await runtime.find({ directory });
    const differences = found.kind === 'running' ? await found.lab.differences(options) : [];
    expect(differences).toEqual(['agent1 is changed', 'marathon1 is started']);
    expect(compose(docker.asked, '--dry-run')).toEqual([expect.stringMatching(/ up .* --no-start$/)]);
  });
});

describe('a cache of the registry add-on', () => {
  it.each([
    // It is started again until its upstream answers.
    ['restarting', []],
    ['exited', ['registry-cache is started']],
  ])('that is %s differs in %j', async (state, differences) => {
    const { docker, directory, runtime, options, makeContainers, container } = await fakeLab();
    makeContainers();
    docker.containers.push(container('registry-cache', { role: 'registry-cache', state }));
    docker.answers.push([' --dry-run ', [' DRY-RUN MODE -  Container lab-registry-cache-1  Created']]);
    const found = await runtime.find({ directory });
    expect(found.kind === 'running' ? await found.lab.differences(options) : undefined).toEqual(differences);
  });
});

describe('what Docker has of a lab', () => {
  it('is found by its folder, not by its name', async () => {
    const { docker, directory, runtime, container } = await fakeLab();
    docker.containers.push(container('master1', { directory: '/elsewhere' }));
    expect(await runtime.find({ directory })).toEqual({ kind: 'nothing' });
  });

  it('is as the last start made it, also when that had not to change all of it', async () => {
    const { docker, directory, runtime, plan, options, container } = await fakeLab();
    const moved = { ...plan, urls: { ...plan.urls, masters: ['http://127.0.0.1:6050'] } };
    const settings = [{ path: ['ports', 'offset'], value: 1000 }];
    const own = `${directory}/.mesos-cluster/run/docker/docker-compose.yml`;
    docker.containers.push(container('zookeeper1'), container('master1', { composeFile: own }));
    writeFileSync(`${directory}/docker-compose.yml`, 'name: lab\n');
    await (await runtime.start({ directory }, { ...options, plan: moved, settings })).keep();
    expect(await runtime.find({ directory })).toMatchObject({ kind: 'running', lab: { plan: moved, settings } });
  });

  it('is stopped when all containers are', async () => {
    const { docker, directory, runtime, container } = await fakeLab();
    docker.containers.push(container('master1', { state: 'exited' }));
    expect(await runtime.find({ directory })).toMatchObject({ kind: 'stopped' });
  });

  it('is the remains of a start that was killed, whatever runs of it, and down ends it', async () => {
    const { docker, directory, runtime, options, makeContainers } = await fakeLab();
    docker.answers.push([' up ', makeContainers]);
    await runtime.start({ directory }, options);
    const record = readDockerRecord(nodeFileSystem, directory);
    if (record === undefined) throw new Error('no record');
    writeDockerRecord(nodeFileSystem, directory, { ...record, process: { pid: process.pid, started: 'another time' } });
    expect(await runtime.find({ directory })).toEqual({ kind: 'remains' });
    await runtime.remove({ directory });
    expect(await runtime.find({ directory })).toEqual({ kind: 'nothing' });
  });

  it('is not there where Docker does not answer and nothing was started', async () => {
    const { docker, directory, runtime } = await fakeLab();
    docker.answers.push(['docker ps', ended(1, '', 'Cannot connect to the Docker daemon')]);
    expect(await runtime.find({ directory })).toEqual({ kind: 'nothing' });
  });

  it('is unknown where Docker does not answer any more', async () => {
    const { docker, directory, runtime, options } = await fakeLab();
    await (await runtime.start({ directory }, options)).keep();
    const said = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
    docker.answers.push(['docker ps', ended(1, '', said)]);
    await expect(runtime.find({ directory })).rejects.toMatchObject(
      problem('MACHINE_DOCKER_DOWN', { found: said, fix: expect.stringContaining('systemctl start docker') }),
    );
  });

  it.each([
    ['MACHINE_DOCKER_PERMISSION', 'permission denied while trying to connect to the Docker daemon socket at unix:///x'],
    [
      'MACHINE_DOCKER_CONTEXT',
      'Cannot connect to the Docker daemon at tcp://10.0.0.9:2375. Is the docker daemon running?',
    ],
    [
      'MACHINE_DOCKER_DOWN',
      'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct',
    ],
    ['COMMAND_FAILED', 'Error response from daemon: something else'],
  ])('is unknown, with %s, where the client says %s', async (code, said) => {
    const { docker, directory, runtime, options } = await fakeLab();
    await (await runtime.start({ directory }, options)).keep();
    docker.answers.push(['docker ps', ended(1, '', said)]);
    await expect(runtime.find({ directory })).rejects.toMatchObject(problem(code));
  });

  it('takes images of ours with it that a newer one has replaced', async () => {
    const { docker, directory, runtime, container } = await fakeLab();
    docker.containers.push(container('agent1', { image: 'sha256:0123456789abcdef' }));
    expect((await runtime.remove({ directory }))?.kept).toEqual([]);
    expect(docker.asked).toContain('docker image prune --force --filter label=create-mesos-cluster.tool');
  });

  it('is not removed with the lab of the same name in another folder', async () => {
    const { docker, directory, runtime, container, makeContainers } = await fakeLab();
    makeContainers();
    docker.containers.push(container('agent1', { directory: '/elsewhere' }));
    await expect(runtime.remove({ directory })).rejects.toMatchObject(
      problem('SPEC_DUPLICATE', { found: '/elsewhere' }),
    );
    expect(docker.containers).toHaveLength(3);
  });

  it('is removed under the name that it was started with', async () => {
    const { docker, directory, runtime, container } = await fakeLab();
    docker.containers.push(container('master1', { lab: 'old-name' }));
    await runtime.remove({ directory });
    expect(docker.asked.find((command) => command.startsWith('docker rm'))).toBe(
      'docker rm --force --volumes id-master1',
    );
    expect(docker.asked.some((command) => command.includes('create-mesos-cluster.lab=old-name'))).toBe(true);
  });
});

describe('a lab whose folder was moved while it ran', () => {
  const moved = async () => {
    const lab = await fakeLab();
    const { docker, directory: old, runtime, options, makeContainers, container } = lab;
    docker.answers.push([' up ', makeContainers]);
    await (await runtime.start({ directory: old }, options)).keep();
    docker.answers.pop();
    const directory = `${old}-moved`;
    renameSync(old, directory);
    onTestFinished(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    /** `compose up` makes the containers anew. */
    const makeAnew = () => {
      const composeFile = `${directory}/docker-compose.yml`;
      for (const service of ['zookeeper1', 'master1']) {
        docker.containers.shift();
        docker.containers.push(container(service, { directory, composeFile }));
      }
      return [];
    };
    return { ...lab, old, directory, makeAnew };
  };

  it('still has its containers, and what it was started with', async () => {
    const { directory, plan, runtime } = await moved();
    const found = await runtime.find({ directory });
    const parts = found.kind === 'running' ? found.lab.parts.filter(({ state }) => state === 'running') : [];
    expect(parts.map(({ id }) => id)).toEqual(['master1', 'zookeeper1']);
    expect(found).toMatchObject({ lab: { plan: { urls: plan.urls } } });
  });

  it('is stopped with the Compose file that moved along', async () => {
    const { docker, directory, runtime } = await moved();
    await runtime.control({ directory }, 'stop', [], new AbortController().signal);
    expect(compose(docker.asked, '*').at(-1)).toContain(`--file ${directory}/docker-compose.yml --profile * stop`);
  });

  it('is removed by down there', async () => {
    const { docker, directory, runtime } = await moved();
    expect(await runtime.remove({ directory })).toMatchObject({ removed: '2 containers, 1 network and 1 volume' });
    expect([docker.containers, hasState(directory)]).toEqual([[], false]);
  });

  it('becomes that of its new folder by up, which makes its containers anew, once', async () => {
    const { docker, directory, runtime, options, tell, makeAnew } = await moved();
    docker.answers.push([' --force-recreate', makeAnew]);
    await runtime.prepare({ directory }, options);
    await (await runtime.start({ directory }, options)).keep();
    expect(tell.told.join('\n')).toContain('was moved here');
    expect(readDockerRecord(nodeFileSystem, directory)).toMatchObject({ directory, composeFile: 'docker-compose.yml' });
    await (await runtime.start({ directory }, options)).keep();
    expect(compose(docker.asked, 'up').map((command) => command.includes('--force-recreate'))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('is known by both folders while its containers are made anew', async () => {
    const { docker, directory, runtime, options, container } = await moved();
    docker.answers.push([
      ' --force-recreate',
      () => {
        docker.containers.shift();
        docker.containers.push(container('zookeeper1', { directory }));
        return ended(1);
      },
    ]);
    await expect(runtime.start({ directory }, options)).rejects.toThrow();
    expect(docker.containers).toHaveLength(2);
    await runtime.remove({ directory });
    expect(docker.containers).toEqual([]);
  });

  it('is told from its copy, which has the record of it too', async () => {
    const { docker, directory, old, runtime, options } = await moved();
    cpSync(directory, old, { recursive: true });
    await expect(runtime.prepare({ directory }, options)).rejects.toMatchObject(problem('SPEC_DUPLICATE'));
    await expect(runtime.remove({ directory })).rejects.toMatchObject(problem('SPEC_DUPLICATE', { found: old }));
    expect(docker.containers).toHaveLength(2);
  });
});

describe('before a start', () => {
  it('every port that is taken is named, with who holds it', async () => {
    const { directory, runtime, options, taken } = await fakeLab();
    taken.set(5050, 'nginx').set(10_003, 'nginx');
    await expect(runtime.prepare({ directory }, options)).rejects.toMatchObject(
      problem('MACHINE_PORT_TAKEN', {
        message: expect.stringContaining('5050 (master1), 10003 (service ports)'),
        found: 'process 99 (nginx)',
        fix: expect.stringContaining('--port-offset 100'),
      }),
    );
  });

  it('ports of a lab that runs are its own', async () => {
    const { docker, directory, runtime, options, taken, container } = await fakeLab();
    const ports = '127.0.0.1:5050->5050/tcp, 127.0.0.1:10000-10020->10000-10020/tcp';
    docker.containers.push(container('master1', { ports }));
    taken.set(5050, 'docker-proxy').set(10_003, 'docker-proxy');
    await expect(runtime.prepare({ directory }, options)).resolves.toBeUndefined();
  });

  it('ports of what is added to a lab that runs are looked at, too', async () => {
    const { docker, directory, runtime, options, taken, container } = await fakeLab();
    docker.containers.push(container('master1', { ports: '127.0.0.1:5050->5050/tcp' }));
    taken.set(5050, 'docker-proxy').set(5052, 'nginx');
    await expect(runtime.prepare({ directory }, options)).rejects.toMatchObject(
      problem('MACHINE_PORT_TAKEN', { message: expect.stringContaining('taken: 5052 (agent2);') }),
    );
  });

  it('images that are here are not pulled, and the others one after another', async () => {
    const { docker, directory, runtime, options, plan, tell } = await fakeLab();
    docker.images.delete(plan.engine.image.reference);
    await runtime.prepare({ directory }, options);
    expect(docker.asked.filter((command) => command.startsWith('docker pull'))).toEqual([
      `docker pull ${plan.engine.image.reference}`,
    ]);
    expect(tell.told).toContain(`Pulling ${plan.engine.image.reference}`);
  });

  it('an image that cannot be pulled is named, with the key that takes another', async () => {
    const { docker, directory, runtime, options, plan } = await fakeLab();
    docker.images.delete(plan.engine.image.reference);
    docker.answers.push([
      'docker pull',
      ended(1, '', 'dial tcp: lookup registry.example on 10.0.0.1:53: no such host'),
    ]);
    await expect(runtime.prepare({ directory }, options)).rejects.toMatchObject(
      problem('IMAGE_NOT_AVAILABLE', {
        message: expect.stringMatching(
          /docker:28-dind cannot be pulled: the registry cannot be reached.*nothing was started/,
        ),
        fix: expect.stringContaining('images.overrides.docker-engine'),
      }),
    );
    expect(hasState(directory)).toBe(false);
  });
});
