/** Why something did not start, and what to do. */
export interface Cause {
  readonly cause: string;
  readonly fix: string;
}

/** As Mesos says it: Failed to run 'docker -H unix:///var/run/docker.sock pull nginx:1.27': exited with status 1 */
export const failedPull = / pull \S+': exited with status/;

/** Of the fetcher of Mesos: Failed to fetch all URIs for container '92eb…': exited with status 1 */
export const failedFetch = /Failed to fetch all URIs for container/;

type Row = readonly [pattern: RegExp, cause: string, fix: string];

const otherSet = '--image-set clusterd or lite (images.set in mesos-cluster.yaml) runs here; or a host with cgroup v1';

/**
 * What Mesos says of a task that it could not start, or what its executor said, where the app itself is not to blame.
 * The words of an app may mean anything.
 */
const ofTasks: readonly Row[] = [
  [
    /Unable to find 'ContainerConfig\.(?:Entrypoint|Env)'/,
    'this Mesos agent reads what the Docker Engine leaves out of `docker inspect` from API 1.45 (Docker 26) on',
    'DOCKER_API_VERSION=1.44 in the environment of the agent makes Engines 26 to 28 without the containerd image store answer as before: images.set: stock sets it for an agent image of your own. Or an Engine 25 for the agents; or --image-set clusterd or lite, which read something else',
  ],
  [
    /Container terminated[^]*std::length_error/,
    'the Docker executor of clusterd crashes when its agent has no network_cni_plugins_dir and network_cni_config_dir',
    'create-mesos-cluster generate, then up: agents of image set clusterd then have both, and may mount. Others need both as flags of mesos-agent, as in /etc/default/mesos-agent of its image',
  ],
  [
    /client version [\d.]+ is too (old|new)|client is newer than server/i,
    'the docker client in the agent and the Engine beside it do not speak the same API',
    'leave images.overrides for docker-engine out: the image set pairs the two; or set DOCKER_MIN_API_VERSION for the Engine',
  ],
  [
    failedPull,
    'the agents cannot pull the image',
    'where this machine has it, create-mesos-cluster up gives it to them (of apps in the folder apps of the lab)',
  ],
  [
    // From 28 on it says before that what it set up.
    /docker: Error response from daemon: .*network \S+ not found/,
    'the Engine of the agent has no Docker network of that name',
    'name one that it has, or leave it out (networks of the app); taskNetwork in mesos-cluster.yaml makes one on every agent of a lab on one host, elsewhere docker network create does on each machine',
  ],
  [
    /simulated container of image .*: port \d+ of an address of its own: (?:EACCES|EADDRNOTAVAIL)/,
    'without Docker a container in a named network listens at a loopback address of its own: ports below 1024 need root, and only Linux has such addresses',
    'a containerPort from 1024 on; or up --runtime docker',
  ],
  [
    failedFetch,
    'the agents cannot fetch a URI of the app',
    'look whether each URI under fetch (or uris) is right and is there: an agent asks for it from its own host or container, where 127.0.0.1 is itself',
  ],
];

/**
 * What programs and Engines say when it will be the same at the next attempt. In the words of Mesos 1.7 to 1.12, of
 * Marathon 1.10, of ZooKeeper 3.8 and of moby 24 to 29.
 */
const ofContainers: readonly Row[] = [
  ...ofTasks,
  [
    /Failed to find a mounted cgroups hierarchy|Failed to mount cgroups hierarchy|Failed to create Linux launcher/,
    'this host has cgroup v2 only, and stock Mesos needs cgroup v1 for Docker tasks',
    otherSet,
  ],
  [
    /Missing required '--network_cni_(?:plugins|config)_dir' flag/,
    'the agent has one of the flags network_cni_plugins_dir and network_cni_config_dir without the other',
    'set both under mesos.agent.flags in mesos-cluster.yaml, or leave both out: agents of image set clusterd then have both',
  ],
  [
    /Failed to bind mount '\/run\/mesos\/isolators\/network\/cni'/,
    'the agent may not mount, as its isolator network/cni does, which its CNI folders switch on',
    'create-mesos-cluster generate, then up: agents of image set clusterd are privileged then (where AppArmor is, nothing less will do). With another set leave network_cni_plugins_dir and network_cni_config_dir out of mesos.agent.flags',
  ],
  [
    /\bUnknown mode\b/,
    'the load balancer was started without its arguments (sse --marathon URL --group NAME)',
    'leave command under images.overrides for marathon-lb out of mesos-cluster.yaml, or end it with the arguments that create-mesos-cluster explain shows',
  ],
  [
    /Found cgroups2 mount at an unexpected location/,
    'stock Mesos does not run on a host with both cgroup versions',
    otherSet,
  ],
  [
    /manifest\.v1|schema ?1|DEPRECATION NOTICE.*Docker Image manifest v2, schema 1/i,
    'the image is of before 2016 (manifest schema 1), which Docker removed',
    'set a newer image under images.overrides in mesos-cluster.yaml',
  ],
  [
    /exec format error|image with reference .* was found but (?:does not match|its platform)|no matching manifest for/i,
    'the image is for another processor than this machine has',
    'set image and platform under images.overrides; --image-set lite is native everywhere; or install emulation (docker run --privileged --rm tonistiigi/binfmt --install amd64)',
  ],
  [
    /port is already allocated|address already in use|Address already in use|EADDRINUSE|Failed to bind on/,
    'a port is taken',
    'end what holds it, or move all ports of the lab: npm run up -- --port-offset 100',
  ],
  [
    /java\.lang\.OutOfMemoryError|Cannot allocate memory|OOM command not allowed/,
    'there is not enough memory',
    'give Docker more memory, or the lab fewer agents (--agents 1)',
  ],
  [
    /no space left on device|ENOSPC|disk quota exceeded/i,
    'the disk of the Docker Engine is full',
    'docker system df shows what fills it; docker system prune makes room',
  ],
  [
    /Expecting a \(chroot\) path for ZooKeeper|Error parsing ZooKeeper URL|Expecting 'zk:\/\/' at the beginning/,
    'the ZooKeeper URL is wrong',
    'it is zk://host:port,host:port/path: look for zkPath, and for flags with a URL, in mesos-cluster.yaml',
  ],
  [
    /Failed to load flag 'quorum'|quorum must be|Check failed: .*quorum/i,
    'the quorum of the masters is wrong',
    'leave it out of mesos-cluster.yaml: it is the majority of the masters',
  ],
  [
    /Incompatible (agent|slave) info detected|Failed to perform recovery: Incompatible/i,
    'the resources or attributes of an agent were changed, but its work folder is of before',
    'create-mesos-cluster down and up make it anew; or change them back',
  ],
  [
    /--work_dir needed for replicated log|Flag 'work_dir' is required/,
    'the work folder is missing',
    'leave mesos.workDir out of mesos-cluster.yaml, or set it to a folder',
  ],
  [
    /Failed to load unknown flag|Unknown option|unrecognized option|Failed to load flag|Invalid duration|Invalid attribute key|Bad type for resource/,
    'a flag or setting is not one that this version takes',
    'look at what you set under mesos, marathon or images.overrides in mesos-cluster.yaml; explain NAME says where it comes from',
  ],
  [
    /Invalid config, exiting abnormally|java\.lang\.IllegalArgumentException: .*serverid/i,
    'ZooKeeper does not take its configuration',
    'create-mesos-cluster plan shows ids and servers',
  ],
  [
    /(?:exec|executable file not found|no such file or directory).*: unknown|starting container process caused|OCI runtime create failed/i,
    'the image does not have the program that it is told to start',
    'check image, entrypoint and command under images.overrides in mesos-cluster.yaml',
  ],
  [
    /cannot start a paused container/i,
    'somebody has paused it',
    'docker ps --filter status=paused shows it, docker unpause CONTAINER lets it go on',
  ],
  [
    /operation not permitted|permission denied|apparmor|must be run as root|Rootless|seccomp/i,
    'the Docker Engine does not let the container do what it needs (an Engine in a container needs privileged)',
    'create-mesos-cluster doctor says what this Docker lacks; --agent-docker socket needs less',
  ],
];

/** What the words of a program of the lab or of an Engine point to; undefined when they are of no kind that is known. */
export const likelyCause = (text: string): Cause | undefined => firstOf(ofContainers, text);

/** What the words about a task that failed, and of its standard error, point to. */
export const likelyCauseOfTask = (text: string): Cause | undefined => firstOf(ofTasks, text);

function firstOf(rows: readonly Row[], text: string): Cause | undefined {
  const row = rows.find(([pattern]) => pattern.test(text));
  return row && { cause: row[1], fix: row[2] };
}
