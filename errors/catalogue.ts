import { exitCodes, type ExitCode } from './exit-codes.ts';

interface CatalogueEntry {
  readonly exitCode: ExitCode;
  /** What this code means and what to do, for docs/errors.md. */
  readonly meaning: string;
}

const usage = (meaning: string) => ({ exitCode: exitCodes.usage, meaning }) satisfies CatalogueEntry;
const notReady = (meaning: string) => ({ exitCode: exitCodes.notReady, meaning }) satisfies CatalogueEntry;
const command = (meaning: string) => ({ exitCode: exitCodes.command, meaning }) satisfies CatalogueEntry;
const machine = (meaning: string) => ({ exitCode: exitCodes.machine, meaning }) satisfies CatalogueEntry;

/** Every error code of the product, with its exit code: the one place that names them. */
export const catalogue = {
  USAGE_UNKNOWN_FLAG: usage('The command line has a flag that does not exist. The message names the nearest one.'),
  USAGE_UNKNOWN_VERB: usage(
    'The first word is neither a verb nor a likely folder name. Write a folder that is called almost like a verb as a path: `./upp`.',
  ),
  USAGE_FLAG_VALUE: usage('A flag lacks its value, has one it does not take, or has one that does not parse.'),
  USAGE_ARGUMENTS: usage('Too many or too few arguments, or two flags that exclude each other.'),
  USAGE_NOT_A_LAB: usage('The folder has no mesos-cluster.yaml, so it is not a lab. Name one with --lab.'),
  USAGE_UNKNOWN_NAME: usage('The lab has no component, application, task or image in its registry of this name.'),
  USAGE_APP_FILE: usage(
    'A file for `deploy` cannot be read, is not the JSON that Marathon or Chronos takes, is a job in a lab without Chronos, or lacks what its `--strategy` needs.',
  ),
  USAGE_UNKNOWN_SETTING: usage('`explain` was asked for a name that no file of this lab contains.'),
  SPEC_FILE: usage('The spec cannot be read: it is missing, empty, not UTF-8, too large, or a folder.'),
  SPEC_SYNTAX: usage(
    'The spec is not the YAML it should be: a syntax error, a duplicate key, or aliases that explode.',
  ),
  SPEC_UNKNOWN_KEY: usage('The spec has a key that does not exist here. The message names the nearest one.'),
  SPEC_TYPE: usage('A value in the spec has the wrong type, or is not one of the allowed words.'),
  SPEC_NAME: usage('A name is not a DNS label (letters, digits and hyphens, at most 63, no hyphen at either end).'),
  SPEC_DUPLICATE: usage('Two nodes share a name, an address or a ZooKeeper id; or two services share a port.'),
  SPEC_QUORUM: usage('The number of masters or ZooKeepers is even, or the quorum is not the majority of the masters.'),
  SPEC_ADDRESS: usage('An address is not an IPv4 address that a node can have, or not one its VM provider allows.'),
  SPEC_ID: usage('A ZooKeeper id is not a whole number from 1 to 255.'),
  SPEC_PORT: usage('A port is outside 1-65535, or two services of one machine would listen on the same one.'),
  SPEC_ROLES: usage(
    'A role lacks the role it works with (an agent without a master, a load balancer without Marathon).',
  ),
  SPEC_IMAGE: usage('An image reference or platform does not parse.'),
  SPEC_FLAG: usage(
    'A Mesos or Marathon flag does not exist in this version, or its value does not fit its type, or is a secret.',
  ),
  SPEC_RESOURCES: usage('Agent resources do not parse: `cpus:2;mem:1024;ports:[31000-32000]`.'),
  SPEC_ATTRIBUTES: usage('Agent attributes do not parse: `rack:abc;zone:west`, or a map of names to values.'),
  SPEC_PATH: usage('A path is not absolute where it must be, or leaves the lab.'),
  SPEC_COMBINATION: usage('Two settings of the spec exclude each other.'),
  SPEC_VALUE: usage('A value does not parse as what it should be: a URL, a duration, an endpoint.'),
  LESSON_FILE: usage('A file of a lesson cannot be read: it is missing, empty, not UTF-8, too large, or a folder.'),
  LESSON_SYNTAX: usage('`lesson.yaml`, or a JSON file of a lesson, has a syntax error or a key twice.'),
  LESSON_UNKNOWN_KEY: usage(
    '`lesson.yaml` has a key, or a step, that does not exist. The message names the nearest one.',
  ),
  LESSON_TYPE: usage('A value in `lesson.yaml` has the wrong type, or is not one of the allowed words.'),
  LESSON_RULE: usage(
    'A lesson has the right shape and cannot work: a step with two actions, an app outside `/learn`, a choice that is not there.',
  ),
  LESSON_NEEDS: usage(
    'A lesson needs more than this lab has. The message says what, and how to make a lab that has it.',
  ),
  LESSON_STEP: notReady(
    'Something that a lesson does did not work, or was not done in its time. The message says what was seen last.',
  ),
  LESSON_WITHOUT_ANSWERS: usage(
    '`learn solve` in a copy of a course that has no solutions: the teacher has kept them (`learn export --without-answers`).',
  ),
  LEARN_REPORT: usage(
    'A file for `learn grade` is no report of a learner, is of another course, or is the second one of the same learner.',
  ),
  LAB_EXISTS: usage('The folder is not empty, is a file, or holds another lab. --force writes into it all the same.'),
  LAB_EDITED: usage(
    'A generated file was edited by hand. Move the change into mesos-cluster.yaml, or pass --force to lose it; --diff shows it.',
  ),
  LAB_NOT_GENERATED: usage(
    'What shall run mounts files that the lab does not have yet: mesos-cluster.yaml asks for them since. `npm run generate` writes them.',
  ),
  DOCKER_CONFIG: usage(
    'The file with the credentials of private registries, which `mesos.agent.dockerConfig` names, is missing, or is no JSON object.',
  ),
  REGISTRY_CREDENTIALS: usage(
    'The file with who may push to the registry of the lab, `secrets/registry`, is missing, is not one line `USER:PASSWORD`, or is not what the registry takes. `npm run generate` makes one where there is none.',
  ),
  LAB_NEWER: usage('The lab was written by a newer version of this tool. Use that version, or --force.'),
  MACHINE_NODE_VERSION: machine('Node.js is older than 20.12.'),
  MACHINE_NOT_WRITABLE: machine('The folder cannot be written: permission, a read-only or a full disk.'),
  MACHINE_DISK_FULL: machine(
    'The disk that a running lab writes to is full: the folder of the lab, or the disk of the Docker Engine.',
  ),
  MACHINE_NO_VAGRANT: machine('A lab of virtual machines needs Vagrant, and it is not on this machine.'),
  MACHINE_INCOMPLETE: machine('A file of this installation of create-mesos-cluster is missing. Install it again.'),
  MACHINE_PORT_TAKEN: machine(
    'A port that the lab needs is taken. The message names who holds it, and the flags and the key that move it.',
  ),
  MACHINE_NETWORK_TAKEN: machine(
    "Another Docker network has the name or the addresses that the lab's network needs. The message names it, and how to choose others.",
  ),
  MACHINE_MEMORY: machine(
    'So many simulated agents need more memory than this machine has. The message has the estimate, and how many fit.',
  ),
  MACHINE_NO_DOCKER: machine('A command needs Docker with Compose v2, and it is not on this machine.'),
  MACHINE_DOCKER_DOWN: machine('Docker is installed, but its Engine does not answer. Start it.'),
  MACHINE_DOCKER_PERMISSION: machine('Your user may not talk to the Docker Engine of this machine (group docker).'),
  MACHINE_DOCKER_OLD: machine(
    'The Docker Engine is older than 24, or client and Engine have no API version in common. Update Docker.',
  ),
  MACHINE_NO_COMPOSE: machine('The Compose plugin (docker compose) is missing, or older than 2.20.'),
  MACHINE_DOCKER_CONTEXT: machine(
    "Docker points to another machine (DOCKER_HOST, or its context), where a lab's ports would be published and not here.",
  ),
  MACHINE_DOCKER_ROOTLESS: machine(
    'Docker runs rootless or with user namespaces, so that no container is really privileged, as the Mesos agents must be.',
  ),
  MACHINE_DOCKER_MEMORY: machine(
    "Docker has too little memory for the lab's parts. In Docker Desktop this is a setting; --image-set lite needs the least.",
  ),
  MACHINE_IMAGE_SET: machine(
    'The image set cannot run here: the cgroup version, the Engine or the processor does not fit. The message has the reason; `doctor` shows the sets that can.',
  ),
  MACHINE_NODE_UNREACHABLE: machine(
    'A node of the lab, or its Docker Engine, cannot be reached from here: SSH, its host key, TLS, or it is off. The message names the node and says what to do.',
  ),
  MACHINE_NODE_UNFIT: machine(
    'A node cannot run its part of the lab: its address is not its own, its clock is wrong, its disk is full, or another lab runs on it. The message names the node.',
  ),
  IMAGE_NOT_AVAILABLE: machine(
    'An image of the lab is not on this machine and cannot be pulled. The message says why, and which key takes another one.',
  ),
  COMMAND_FAILED: command('A command that was started for you failed; its own message is above.'),
  MARATHON_REFUSED: command('Marathon refused what it was asked for. Its own words are in the message.'),
  REGISTRY_REFUSED: command('The registry of the lab refused what it was asked for. Its own words are in the message.'),
  DEPLOYMENT_IN_PROGRESS: command(
    'Another deployment of this app, or of its deployment group, is not over. The message says how it is waited for, continued or undone.',
  ),
  CHRONOS_REFUSED: command('Chronos refused the job that it was given. Its own words are in the message.'),
  NOT_READY: notReady(
    'A part of the cluster did not become ready before its deadline. The message says what was seen last.',
  ),
  DEPLOY_WENT_BACK: notReady(
    'A new version of an app was not well, so `deploy --strategy` went back: the version before it runs, and has all requests. The message says what was wrong.',
  ),
  CONTAINER_FAILED: notReady(
    'A container of the lab ended, or cannot start. The message has its last words, the likely cause and the fix.',
  ),
  ADOPT_UNREACHABLE: notReady('`adopt`: nobody answers at the URL, or the cluster has no leading master in reach.'),
  ADOPT_NOT_MESOS: usage('`adopt`: what answers at the URL is not the part of a Mesos cluster that it should be.'),
  ADOPTED: usage(
    'This lab describes a cluster that somebody else runs (`adopted` in its spec): it is not started or stopped from here.',
  ),
  LAB_NOT_RUNNING: notReady(
    'The lab does not answer where it should: it was not started, it was stopped, or something else answers there.',
  ),
  LAB_OTHER_USER: machine(
    'Another user of this machine started this lab, and only that user (or root) may change it. It runs on; the message says whose it is.',
  ),
  LAB_BUSY: notReady('Another command is starting or stopping this lab, and did not come to an end in time.'),
  VERIFICATION_FAILED: {
    exitCode: exitCodes.verification,
    meaning: 'The cluster runs, but a check of `verify` failed. Its evidence is above.',
  },
  INTERRUPTED: { exitCode: exitCodes.interrupted, meaning: 'You pressed Ctrl-C. Nothing was left half-written.' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;
