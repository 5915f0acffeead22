import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { provisioning } from '../../generators/machines/provisioning.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import type { Plan, VagrantPlan } from '../../planning/plan/plan.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { imageSetNames } from '../../planning/catalogue/roles.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { dockerEngine } from '../../runtimes/docker/docker-engine.ts';
import { getImages, neededImages } from '../../runtimes/docker/images/get-images.ts';
import { oldestCompose, oldestEngine } from '../../runtimes/docker/preflight/requirements.ts';
import { FakeDocker } from '../runtimes/docker/fake-docker.ts';
import { recordingReporter } from '../runtimes/start-options.ts';
import { requireTool } from '../support/require-tool.ts';

const threeVm = (extra: Partial<ClusterSpec> = {}): Plan => planCluster({ name: 'lab', preset: 'three-vm', ...extra });
const folder = mkdtempSync(join(tmpdir(), 'provisioning-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Sources the script in the real bash, where its functions can be called without touching this machine. */
function source(plan: Plan, commands: string) {
  const script = join(folder, 'provision.sh');
  writeFileSync(script, provisioning(plan).content);
  return spawnSync('bash', ['-c', `source "$1"\n${commands}`, 'bash', script], { encoding: 'utf8', cwd: folder });
}

const daemonJson = (plan: Plan): unknown => JSON.parse(source(plan, 'printf %s "$DAEMON_JSON"').stdout);
const withVagrant = (plan: Plan, vagrant: Partial<VagrantPlan>): Plan =>
  plan.vagrant ? { ...plan, vagrant: { ...plan.vagrant, ...vagrant } } : plan;
const withProxy = (value: string): Plan => {
  const plan = threeVm();
  return { ...plan, engine: { ...plan.engine, proxy: [{ name: 'HTTP_PROXY', value, origin: 'spec' }] } };
};

describe('provision.sh', () => {
  it('may be run, and says what wrote it', () => {
    const { path, content, executable } = provisioning(threeVm());
    expect({ path, executable }).toEqual({ path: 'provision/provision.sh', executable: true });
    expect(content.startsWith('#!/usr/bin/env bash\n# Written by create-mesos-cluster')).toBe(true);
  });

  it('does nothing when it is sourced, and fails without a verb', () => {
    expect(source(threeVm(), 'echo sourced').stdout).toBe('sourced\n');
    expect(source(threeVm(), 'main upp')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/usage: provision.sh install|needs root/),
    });
  });

  it('asks for the Docker release of the image set, and for no release whose number only begins alike', () => {
    const prefix = (dockerVersion: string) =>
      source(withVagrant(threeVm(), { dockerVersion }), 'printf %s "$DOCKER_VERSION_PREFIX"').stdout;
    expect(source(threeVm({ images: { set: 'stock' } }), 'echo "$DOCKER_VERSION_PREFIX $NEEDS_CGROUP_V1"').stdout).toBe(
      '25. true\n',
    );
    expect([prefix('28.'), prefix('28'), prefix('28.5'), prefix('28.5.1')]).toEqual(['28.', '28.', '28.5.', '28.5.1-']);
  });

  it('limits the logs of containers', () => {
    expect(daemonJson(threeVm())).toEqual({
      'log-driver': 'json-file',
      'log-opts': { 'max-size': '10m', 'max-file': '3' },
    });
  });

  it('gives the Engine the mirror, the plain-HTTP registries and the proxy of the spec', () => {
    const plan = threeVm({ registryMirror: 'http://mirror:5000', proxy: { http: 'http://proxy:3128' } });
    expect(daemonJson(plan)).toMatchObject({
      'registry-mirrors': ['http://mirror:5000'],
      'insecure-registries': ['mirror:5000'],
      proxies: { 'http-proxy': 'http://proxy:3128', 'no-proxy': expect.stringContaining('localhost') },
    });
  });

  it('asks the proxy for nothing that a machine of the lab has', () => {
    const plan = threeVm({ proxy: { http: 'http://proxy:3128', noProxy: ['.house', '192.168.59.12'] } });
    expect(source(plan, 'printf %s "$NO_PROXY_HOSTS"').stdout).toBe(
      'localhost,127.0.0.1,.house,192.168.59.12,192.168.59.11,192.168.59.13',
    );
    expect(source(threeVm(), 'printf %s "$NO_PROXY_HOSTS"').stdout).toBe('');
  });

  it('opens no port for Docker', () => {
    expect(provisioning(threeVm({ addons: ['registry'] })).content).not.toMatch(/tcp:\/\/|237[56]|"hosts"/);
  });

  it('switches on the profiles of the add-ons', () => {
    const plan = threeVm({ addons: ['chronos', 'mesos-dns'] });
    expect(source(plan, 'printenv COMPOSE_PROFILES').stdout).toBe('chronos,mesos-dns\n');
  });

  it('takes a hostile value as data', () => {
    const value = `http://p'$(touch\${IFS}hacked);#{x}`;
    expect(source(withProxy(value), 'printf %s "$HTTP_PROXY_URL"').stdout).toBe(value);
    expect(readdirSync(folder)).toEqual(['provision.sh']);
  });

  it('is not written for values that the spec checks refuse', () => {
    expect(() => provisioning(planCluster({ name: 'lab' }))).toThrow('no virtual machines');
    expect(() => provisioning(withVagrant(threeVm(), { dockerVersion: '28.*; reboot' }))).toThrow('Docker version');
    expect(() => provisioning(withProxy('http://p"; x'))).toThrow('HTTP_PROXY');
  });
});

describe('the functions of provision.sh', () => {
  it('repeat what fails, a bounded number of times', () => {
    const { status, stdout, stderr } = source(threeVm(), 'sleep() { :; }; retry 3 10 false');
    expect(status).toBe(1);
    expect(stdout.match(/attempt/g)).toHaveLength(2);
    expect(stderr).toContain('gave up after 3 attempts: false');
  });

  it('end a command that hangs', () => {
    const { status, stderr } = source(threeVm(), 'retry 1 0.2 /bin/sleep 60');
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('gave up') });
  });

  it('go on after a command that works at last', () => {
    const { status } = source(
      threeVm(),
      'sleep() { :; }; retry 3 10 bash -c "echo >> tries; [[ \\$(wc -l < tries) == 2 ]]"',
    );
    expect(status).toBe(0);
    expect(readFileSync(join(folder, 'tries'), 'utf8')).toBe('\n\n');
  });

  it('replace a file only when that changes it, and leave no other file behind', () => {
    const { stdout, status } = source(
      threeVm(),
      `for text in a a b; do
         replace_file out/x <<<"$text"; find out -name x -newermt 2001-01-01 -exec cat {} +; touch -d 2000-01-01 out/x
       done; ls out; stat -c %a out/x`,
    );
    expect({ stdout, status }).toEqual({ stdout: 'a\nb\nx\n644\n', status: 0 });
  });

  it('copy a lab over what is there, and take away what it no longer has', () => {
    const { stdout, status } = source(
      threeVm(),
      `LAB_FOLDER=$PWD/opt; chown() { :; }
       mkdir -p new/nodes/node1 opt/nodes/node1; echo new >new/nodes/node1/config.json; echo x >new/nodes/node1/.env
       echo old >opt/nodes/node1/config.json; echo old >opt/nodes/node1/gone.json; exec 3<opt/nodes/node1/config.json
       copy_lab new && copy_lab new; cat <&3; ls -A opt/nodes/node1`,
    );
    expect({ stdout, status }).toEqual({ stdout: 'new\n.env\nconfig.json\n', status: 0 });
  });

  /** What apt-get is asked for, on a machine that can do without its word `fails`. */
  const aptCalls = (fails: string) => {
    const fakes = `sleep() { :; }; timeout() { shift 2; "$@"; }
       apt-get() { echo "$*" >&2; [[ $* != *${fails}* || -e updated ]] || return 100; [[ $* != *update ]] || touch updated; }`;
    const { stderr, status } = source(threeVm(), `rm -f updated; ${fakes}; install_packages curl`);
    expect(status).toBe(0);
    return [...stderr.matchAll(/(update|--download-only|--allow-downgrades) ?(curl)?$/gm)].map(([text]) => text);
  };

  it('fetch the lists of packages only where those that are there do not do', () => {
    expect(aptCalls('nothing')).toEqual(['--download-only curl', '--allow-downgrades curl']);
    const again = ['--download-only curl', 'update', '--download-only curl', '--allow-downgrades curl'];
    expect(aptCalls('download-only')).toEqual(again);
  });

  it('install what builds images only where one is built', () => {
    const packages = (plan: Plan) => source(plan, 'echo "${DOCKER_PACKAGES[@]}"').stdout;
    expect(packages(threeVm())).not.toContain('buildx');
    expect(packages(threeVm({ images: { set: 'lite' } }))).toContain('docker-buildx-plugin');
  });

  it('build the image with the mark by which the runtimes know it, and not where the machine has it', async () => {
    const plan = threeVm({ images: { set: 'lite' } });
    const tool = join(folder, '.mesos-cluster/tool');
    mkdirSync(tool, { recursive: true });
    writeFileSync(join(tool, 'files.json'), '{\n "course.json": "1",\n "create-mesos-cluster.cjs": "1"\n}\n');
    const build = (label: string) => {
      const fake = `docker() { case $1 in image) echo '${label}' ;; *) printf '%s\n' "$@" ;; esac; }`;
      const { stdout, status } = source(plan, `timeout() { shift 2; "$@"; }; ${fake}; LAB_FOLDER=$PWD; build_image`);
      expect(status).toBe(0);
      return stdout.split('\n');
    };
    const docker = new FakeDocker();
    const { signal } = new AbortController();
    const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: folder, signal });
    const world = {
      files: nodeFileSystem,
      engine,
      directory: folder,
      toolFolder: '/',
      tell: recordingReporter(),
      signal,
    };
    const built = neededImages(plan).filter(({ image }) => image.build !== undefined);
    await getImages(built, world);
    const theirs = docker.asked.find((command) => command.startsWith('docker build')) ?? '';
    const ours = build('that of another tool');
    expect(theirs.split(' ').filter((word) => word.includes('='))).toEqual(ours.filter((word) => word.includes('=')));
    expect(ours).toEqual(expect.arrayContaining([tool, join(folder, 'images/lite/Dockerfile')]));
    const mark = ours.find((word) => word.startsWith('TOOL='))?.slice('TOOL='.length) ?? '';
    expect(mark).toMatch(/^[0-9a-f]{64}$/);
    expect(build(mark)).toEqual(['']);
  });

  /** Whether a machine with these programs is left with them. */
  const isTaken = (engine: string, compose: string, owner: string, plan = threeVm()) => {
    const fakes = `dockerd() { echo 'Docker version ${engine}, build x'; }
       docker() { case $1 in compose) echo ${compose} ;; buildx) ;; esac; }; dpkg-query() { echo '${owner}: /usr/sbin/dockerd'; }`;
    return source(plan, `${fakes}; has_docker && echo taken`).stdout === 'taken\n';
  };
  const stock = threeVm({ images: { set: 'stock' } });

  it.each([
    ['of the wanted release, from Docker', isTaken('28.5.1', '2.40.0', 'docker-ce'), true],
    ["of the distribution's own release", isTaken('26.1.5+dfsg1', '2.26.1-4', 'docker.io'), true],
    ['that is too old', isTaken('20.10.24+dfsg1', '2.26.1-4', 'docker.io'), false],
    ['whose Compose is too old', isTaken('28.5.1', '1.29.2', 'docker-ce'), false],
    ['of another release, from Docker', isTaken('27.5.1', '2.40.0', 'docker-ce'), false],
    ['of another release than stock Mesos needs', isTaken('26.1.5+dfsg1', '2.26.1-4', 'docker.io', stock), false],
    ['of the release that stock Mesos needs', isTaken('25.0.1', 'v2.26.1', 'docker.io', stock), true],
  ])('take a Docker that is there and does: one %s', (_, taken, expected) => {
    expect(taken).toBe(expected);
  });

  it('take none where there is none, and know the same oldest versions as the runtimes', () => {
    const none = 'dockerd() { return 127; }; has_docker || echo "none $OLDEST_ENGINE $OLDEST_COMPOSE"';
    expect(source(threeVm(), none)).toMatchObject({ status: 0, stdout: `none ${oldestEngine} ${oldestCompose}\n` });
  });

  it('fetch nothing for a Docker that does', () => {
    const called = 'add_docker_repository install_docker_packages configure_docker pin_docker systemctl docker usermod';
    const fakes = `has_docker() { :; }; check_system() { :; }; use_proxy() { :; }
       for name in ${called}; do eval "$name() { echo $name >>calls; }"; done`;
    expect(source(threeVm(), `${fakes}; install_docker`).status).toBe(0);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
    expect(calls).toEqual(expect.arrayContaining(['pin_docker', 'configure_docker', 'systemctl']));
    expect(calls).not.toContain('add_docker_repository');
    expect(calls).not.toContain('install_docker_packages');
  });

  it('say which Docker they looked for when the repository has another', () => {
    const fake = 'apt-cache() { echo "  Candidate: 5:29.0.0-1~x"; }; DISTRIBUTION=debian CODENAME=bookworm';
    const { status, stderr } = source(threeVm(), `${fake}; install_docker_packages`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Docker 28\.\* is not in .*found: 5:29\.0\.0-1~x/);
  });
});

describe('provision.sh on an arm64 machine', () => {
  /** What the packages would be installed with, on a machine of another processor with its Compose file. */
  const installed = (architecture: string, image: string) => {
    writeFileSync(join(folder, 'docker-compose.yml'), `services:\n  a:\n${image}`);
    const fakes = `dpkg() { echo ${architecture}; }; APT_GET=(echo apt-get)`;
    const { stdout, status } = source(threeVm(), `${fakes}; emulate_amd64 docker-compose.yml`);
    expect(status).toBe(0);
    return stdout.split('\n').filter((line) => line.startsWith('apt-get install') && !line.includes('download'));
  };

  it('installs what runs images for amd64, where there is one', () => {
    const amd64 = '    platform: linux/amd64\n';
    expect(installed('arm64', amd64)).toEqual([
      'apt-get install --no-install-recommends --allow-downgrades qemu-user-static binfmt-support',
    ]);
    expect(installed('arm64', '    image: nginx\n')).toEqual([]);
    expect(installed('amd64', amd64)).toEqual([]);
  });
});

describe.skipIf(!requireTool('shellcheck', ['shellcheck', '--version']))('shellcheck', () => {
  it.each(imageSetNames)('has nothing to say about provision.sh for the images of %s', (set) => {
    const plan = threeVm({ images: { set }, addons: ['registry'], proxy: { http: 'http://proxy:3128' } });
    const { status, stdout } = spawnSync('shellcheck', ['-'], { input: provisioning(plan).content, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
