interface VerbEntry {
  readonly summary: string;
  /** Arguments behind the verb, as the help shows them; none: the verb takes none. */
  readonly arguments?: string;
  /** How many of them at least, and at most; none: 0. */
  readonly least?: number;
  readonly most?: number;
  /** More lines for its own help. */
  readonly details?: readonly string[];
  /** Left out of the help and of suggestions: it is not for people. */
  readonly hidden?: true;
}

/** Everything the command can do. `create` is what it does without a verb. */
export const verbs = {
  create: {
    summary: 'write a new lab into DIRECTORY',
    arguments: '[DIRECTORY]',
    most: 1,
  },
  generate: {
    summary: 'write the files of a lab again, from its mesos-cluster.yaml',
  },
  plan: {
    summary: 'show every decision: nodes, roles, addresses, ports, quorum, images',
  },
  explain: {
    summary: 'say what a setting is in this lab, how it was derived, and the source',
    arguments: '[NAME…]',
    most: Infinity,
  },
  adopt: {
    summary: 'make a lab of a cluster that runs already, to look at and verify',
    arguments: 'URL… [DIRECTORY]',
    least: 1,
    most: Infinity,
  },
  up: { summary: 'start the lab, wait until it is ready, and prove that it works' },
  down: {
    summary: 'end the lab and remove all it made; by NAME also without its folder',
    arguments: '[NAME]',
    most: 1,
  },
  stop: {
    summary: 'stop the lab, or nodes and components of it, and keep everything',
    arguments: '[NAME…]',
    most: Infinity,
  },
  kill: {
    summary: 'end parts at once, as kill -9 does; they stay down until start',
    arguments: 'NAME…',
    least: 1,
    most: Infinity,
  },
  pause: {
    summary: 'let parts stand still, with their connections open, until start',
    arguments: 'NAME…',
    least: 1,
    most: Infinity,
  },
  partition: {
    summary: 'cut agents off from the masters, until heal or start',
    arguments: 'AGENT…',
    least: 1,
    most: Infinity,
  },
  heal: {
    summary: 'undo partition, of all agents or of these',
    arguments: '[AGENT…]',
    most: Infinity,
  },
  start: {
    summary: 'start what was stopped, killed, paused or cut off, and wait for it',
    arguments: '[NAME…]',
    most: Infinity,
  },
  status: { summary: 'show what runs: nodes, roles, leader, agents, apps, tasks, URLs' },
  page: { summary: 'serve a page of the lab on this machine, until Ctrl-C' },
  verify: { summary: 'prove that a cluster works: deploy apps, look at them, remove them' },
  drill: {
    summary: 'break something on purpose, measure how it recovers, and heal it',
    arguments: '[list|heal|[run] NAME]',
    most: 2,
  },
  logs: {
    summary: 'show what components, apps and tasks say; all of them without a name',
    arguments: '[NAME…]',
    most: Infinity,
  },
  exec: {
    summary: "run a command in a component's container",
    arguments: 'NAME [--] COMMAND…',
    least: 2,
    most: Infinity,
  },
  ssh: {
    summary: 'log in to a machine of the lab, or run a command there',
    arguments: 'NODE [--] [COMMAND…]',
    least: 1,
    most: Infinity,
  },
  deploy: {
    summary: 'start or change applications, and jobs of Chronos, from files',
    arguments: 'FILE…',
    details: [
      '--strategy rolling: Marathon replaces instances by the upgradeStrategy of the app',
      '--strategy blue-green: the new version grows beside the old one, which drains at the load balancer',
      '--strategy canary: the new version has its --share for --watch-for seconds, then as blue-green',
      'Each waits, and goes back when the new version is not well. The same command again goes on',
      'with one that was broken off; rollback APP undoes it.',
    ],
    least: 1,
    most: Infinity,
  },
  scale: {
    summary: 'run N instances of an app; scale agents N: so many agents',
    arguments: 'APP N',
    details: ['scale agents auto: as many as the autoscaler says (autoscale.agents in the spec), until Ctrl-C'],
    least: 2,
    most: 2,
  },
  load: {
    summary: 'make traffic, and show its rate, latencies and errors',
    arguments: 'URL',
    least: 1,
    most: 1,
  },
  rollback: {
    summary: 'give an app back the version before, or undo a deploy that is not over',
    arguments: 'APP',
    least: 1,
    most: 1,
  },
  list: { summary: 'show the labs that run on this machine' },
  images: {
    summary: 'show the images of the lab, or in its registry; pull, save, load them',
    arguments: '[list|pull|push|save FILE|load FILE|WORD…]',
    details: [
      'list --registry: what is in the registry of the lab; remove NAME:TAG… takes it out',
      'clean: frees the disk of what no tag names there; it does not answer meanwhile',
      'warm IMAGE…: all agents pull it now, so that no app waits for it',
    ],
    most: Infinity,
  },
  learn: {
    summary: 'take a course on this cluster: lessons that check themselves',
    arguments: '[start N|check|answer WORD…|hint|solve|WORD…]',
    details: [
      'learners: start N, check, answer WORD…, hint, solve, reset, next, text, report',
      'teachers: grade FILE…, export DIRECTORY|FILE.tar.gz',
      'authors:  lint DIRECTORY, schema',
    ],
    most: Infinity,
  },
  doctor: {
    summary: 'say what this machine can run, and what to do where it cannot',
  },
  schema: {
    summary: 'print the JSON Schema of mesos-cluster.yaml',
  },
  help: {
    summary: 'show this, or the help of a verb',
    arguments: '[VERB]',
    most: 1,
  },
  version: { summary: 'show the version' },
  __daemon: { summary: 'the process of a lab; up starts it', hidden: true },
  __fixture: { summary: "the process of a test's cluster; testing/ starts it", hidden: true },
} as const satisfies Record<string, VerbEntry>;

export type Verb = keyof typeof verbs;

/** The words that are verbs when they come first on the command line. */
export const verbWords = (Object.keys(verbs) as Verb[]).filter((verb) => verb !== 'create');

/** Those of them that a person may mean. */
export const knownVerbs = verbWords.filter((verb) => !verbEntry(verb).hidden);

/** What the table says of a verb, with its optional fields. */
export function verbEntry(verb: Verb): VerbEntry {
  return verbs[verb];
}

/** Verbs that print nothing on standard output but that it is done. */
export const confirming = [
  ...(['down', 'stop', 'kill', 'pause', 'partition', 'heal', 'start'] as const),
  ...(['deploy', 'scale', 'rollback'] as const),
] as const satisfies readonly Verb[];

export const isConfirming = (verb: Verb): boolean => (confirming as readonly Verb[]).includes(verb);
