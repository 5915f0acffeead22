import type { CommandResult } from '../../../../platform/processes/run-command.ts';

/*
 * What `docker version`, `docker info` (both with --format '{{json .}}') and `docker context inspect` print. Recorded
 * from Docker Engine 26.1.5 with client 28.2.2 on Debian 12; shortened by what nobody reads. The others are written by
 * hand after moby's and docker/cli's sources (api/types/system/info.go, cli/command/system), where they differ from it.
 */

type Json = Readonly<Record<string, unknown>>;

export interface DockerAnswers {
  readonly version: CommandResult;
  readonly info: CommandResult;
  readonly context: CommandResult;
  /** Of `docker-compose`, the program of its own. */
  readonly standalone?: CommandResult;
}

const ended = (exitCode: number, stdout: string, stderr = ''): CommandResult => ({
  kind: 'ended',
  exitCode,
  stdout,
  stderr,
});

const client = (version: string, apiVersion: string): Json => ({
  Version: version,
  ApiVersion: apiVersion,
  DefaultAPIVersion: apiVersion,
  GitCommit: 'e6534b4',
  GoVersion: 'go1.24.3',
  Os: 'linux',
  Arch: 'amd64',
  BuildTime: 'Fri May 30 12:07:14 2025',
  Context: 'default',
});

const plugins = (compose: string | undefined): Json => ({
  Debug: false,
  Version: '28.2.2',
  Context: 'default',
  Plugins: [
    {
      SchemaVersion: '0.1.0',
      Vendor: 'Docker Inc.',
      Version: '0.13.1+ds1',
      Name: 'buildx',
      Path: '/usr/libexec/docker/cli-plugins/docker-buildx',
    },
    ...(compose === undefined
      ? []
      : [
          {
            SchemaVersion: '0.1.0',
            Vendor: 'Docker Inc.',
            Version: compose,
            Name: 'compose',
            Path: '/usr/libexec/docker/cli-plugins/docker-compose',
          },
        ]),
  ],
  Warnings: null,
});

const server = (version: string, apiVersion: string, minApiVersion: string, arch = 'amd64'): Json => ({
  Platform: { Name: '' },
  Components: [
    {
      Name: 'Engine',
      Version: version,
      Details: { ApiVersion: apiVersion, Arch: arch, Experimental: 'false', MinAPIVersion: minApiVersion, Os: 'linux' },
    },
    { Name: 'containerd', Version: '1.7.24~ds1', Details: { GitCommit: '1.7.24~ds1-6+deb13u1' } },
  ],
  Version: version,
  ApiVersion: apiVersion,
  MinAPIVersion: minApiVersion,
  Os: 'linux',
  Arch: arch,
  KernelVersion: '6.18.44',
});

const info26: Json = {
  ID: '855627b7-2de7-4ca1-b657-a34827512656',
  Containers: 0,
  Images: 2,
  Driver: 'overlay2',
  DriverStatus: [
    ['Backing Filesystem', 'extfs'],
    ['Supports d_type', 'true'],
    ['Using metacopy', 'false'],
    ['Native Overlay Diff', 'true'],
    ['userxattr', 'false'],
  ],
  MemoryLimit: true,
  SwapLimit: true,
  LoggingDriver: 'json-file',
  CgroupDriver: 'cgroupfs',
  CgroupVersion: '1',
  KernelVersion: '6.18.44',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  OSVersion: '12',
  OSType: 'linux',
  Architecture: 'x86_64',
  NCPU: 2,
  MemTotal: 25_276_514_304,
  DockerRootDir: '/var/lib/docker',
  Name: 'vm',
  ServerVersion: '26.1.5+dfsg1',
  SecurityOptions: ['name=seccomp,profile=builtin'],
  Warnings: null,
  ClientInfo: plugins('2.26.1-4'),
};

const contextAt = (name: string, host: string): CommandResult =>
  ended(
    0,
    JSON.stringify([
      { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } }, TLSMaterial: {} },
    ]),
  );

interface Parts {
  readonly server?: Json;
  readonly info?: Json;
  readonly context?: CommandResult;
  readonly standalone?: CommandResult;
}

/** An Engine that answers: 26.1 on Debian 12, with what is said otherwise. */
function answers(parts: Parts = {}): DockerAnswers {
  const version = { Client: client('28.2.2', '1.45'), Server: parts.server ?? server('26.1.5+dfsg1', '1.45', '1.24') };
  return {
    version: ended(0, `${JSON.stringify(version)}\n`),
    info: ended(0, `${JSON.stringify({ ...info26, ...parts.info })}\n`),
    context: parts.context ?? contextAt('default', 'unix:///var/run/docker.sock'),
    ...(parts.standalone === undefined ? {} : { standalone: parts.standalone }),
  };
}

const composeClient = (compose: string | undefined): Json => ({ ClientInfo: plugins(compose) });

/** Engines that answer. */
export const engines = {
  'Engine 26.1 on Debian 12': answers(),
  'Engine 20.10 with cgroup v2': answers({
    server: server('20.10.24+dfsg1', '1.41', '1.12'),
    info: { CgroupVersion: '2', CgroupDriver: 'systemd', ServerVersion: '20.10.24+dfsg1' },
  }),
  'Engine 29 with images in containerd': answers({
    server: server('29.1.3', '1.52', '1.44'),
    info: {
      CgroupVersion: '2',
      CgroupDriver: 'systemd',
      Driver: 'overlayfs',
      DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']],
      ServerVersion: '29.1.3',
      ...composeClient('v5.0.1'),
    },
  }),
  'Docker Desktop on an arm64 Mac': answers({
    server: { ...server('28.5.1', '1.51', '1.24', 'arm64'), Platform: { Name: 'Docker Desktop 4.48.0 (207573)' } },
    info: {
      CgroupVersion: '2',
      OperatingSystem: 'Docker Desktop',
      Name: 'docker-desktop',
      Architecture: 'aarch64',
      MemTotal: 8_217_411_584,
      SecurityOptions: ['name=seccomp,profile=unconfined', 'name=cgroupns'],
      ...composeClient('v2.40.0-desktop.1'),
    },
    context: contextAt('desktop-linux', 'unix:///Users/ann/.docker/run/docker.sock'),
  }),
  'Engine 28 on an arm64 machine': answers({
    server: server('28.5.1', '1.51', '1.24', 'arm64'),
    info: { CgroupVersion: '2', Architecture: 'aarch64' },
  }),
  'rootless Engine': answers({
    info: {
      CgroupVersion: '2',
      SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'],
      DockerRootDir: '/home/ann/.local/share/docker',
    },
    context: contextAt('rootless', 'unix:///run/user/1000/docker.sock'),
  }),
  'Engine with user namespaces': answers({
    info: { SecurityOptions: ['name=seccomp,profile=builtin', 'name=userns'] },
  }),
  'Engine of another machine': answers({ context: contextAt('lab-server', 'ssh://ann@server.example') }),
  'Engine behind a local TCP port': answers({ context: contextAt('default', 'tcp://127.0.0.1:2375') }),
  'small Docker Desktop': answers({
    info: { CgroupVersion: '2', OperatingSystem: 'Docker Desktop', MemTotal: 1_073_741_824 },
    context: contextAt('desktop-linux', 'unix:///home/ann/.docker/desktop/docker.sock'),
  }),
  'Windows containers': answers({
    server: { ...server('28.5.1', '1.51', '1.24'), Os: 'windows' },
    info: { OSType: 'windows', CgroupVersion: undefined },
  }),
  'Podman Engine with the client of Docker': answers({
    server: {
      Platform: { Name: 'linux/amd64/debian-12' },
      Components: [
        { Name: 'Podman Engine', Version: '5.4.0', Details: { APIVersion: '5.4.0', MinAPIVersion: '4.0.0' } },
      ],
      Version: '5.4.0',
      ApiVersion: '1.41',
      MinAPIVersion: '1.24',
      Os: 'linux',
      Arch: 'amd64',
    },
    info: { CgroupVersion: '2', SecurityOptions: ['name=seccomp,profile=default'] },
  }),
} as const satisfies Record<string, DockerAnswers>;

const noServer = (stderr: string): CommandResult =>
  ended(1, `${JSON.stringify({ Client: client('28.2.2', '1.50'), Server: null })}\n`, stderr);

/** The client prints everything that it knows itself, and complains. */
const failing = (stderr: string, context = contextAt('default', 'unix:///var/run/docker.sock')): DockerAnswers => ({
  version: noServer(stderr),
  info: ended(1, `${JSON.stringify({ ID: '', ServerVersion: '', ...composeClient('2.26.1-4') })}\n`, stderr),
  context,
});

const down = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
const downSince29 =
  'failed to connect to the docker API at unix:///Users/ann/.docker/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /Users/ann/.docker/run/docker.sock: connect: no such file or directory';

/** Why there may be no Engine to talk to. */
export const failures = {
  'no Docker': { version: { kind: 'missing' }, info: { kind: 'missing' }, context: { kind: 'missing' } },
  'a daemon that does not run': failing(down),
  'Docker Desktop that does not run': failing(
    downSince29,
    contextAt('desktop-linux', 'unix:///Users/ann/.docker/run/docker.sock'),
  ),
  'a socket that one may not open': failing(
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": dial unix /var/run/docker.sock: connect: permission denied',
  ),
  'a client that is too old': failing(
    'Error response from daemon: client version 1.20 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
  ),
  'a client that is too new': failing(
    'Error response from daemon: client version 1.60 is too new. Maximum supported API version is 1.45',
  ),
  'another machine that does not answer': failing(
    'error during connect: Get "http://docker.example.com/v1.50/version": command [ssh -l ann -- server.example docker system dial-stdio] has exited with exit status 255',
    contextAt('lab-server', 'ssh://ann@server.example'),
  ),
  'a context that is not there': {
    version: ended(1, '', 'Failed to initialize: unable to resolve docker endpoint: context "nope": context not found'),
    info: ended(1, '', 'Failed to initialize: unable to resolve docker endpoint: context "nope": context not found'),
    context: ended(1, '[]', 'context "nope": context not found'),
  },
  'a Docker that never answers': {
    version: { kind: 'stopped' },
    info: { kind: 'stopped' },
    context: contextAt('default', 'unix:///var/run/docker.sock'),
  },
  "Podman's docker": {
    version: ended(
      0,
      JSON.stringify({ Client: { APIVersion: '5.4.0', Version: '5.4.0', Os: 'linux' } }),
      'Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.',
    ),
    info: ended(0, JSON.stringify({ host: { ociRuntime: { name: 'crun' }, cgroupVersion: 'v2' }, version: {} })),
    context: ended(125, '', 'Error: unrecognized command'),
  },
  'no Compose': answers({ info: composeClient(undefined) }),
  'Compose v1 alone': answers({ info: composeClient(undefined), standalone: ended(0, '1.29.2\n') }),
  'Compose v2 that Docker does not find': answers({ info: composeClient(undefined), standalone: ended(0, '2.32.4\n') }),
  'an old Compose': answers({ info: composeClient('v2.19.9') }),
} as const satisfies Record<string, DockerAnswers>;

/** By the words of the commands, for runners that know commands by their words. */
export const asPrograms = ({ version, info, context, standalone }: DockerAnswers) => ({
  'docker version --format {{json .}}': version,
  'docker info --format {{json .}}': info,
  'docker context inspect': context,
  ...(standalone === undefined ? {} : { 'docker-compose version --short': standalone }),
});
