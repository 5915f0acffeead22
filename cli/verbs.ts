interface VerbEntry {
  readonly summary: string;
  /** Arguments behind the verb, as the help shows them; none: the verb takes none. */
  readonly arguments?: string;
  /** How many of them at most. */
  readonly most?: number;
  /** Left out of the help: the word is kept for a later version, so that it never becomes a folder. */
  readonly reserved?: true;
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
  up: { summary: 'start the lab' },
  down: { summary: 'stop the lab and remove everything it made' },
  status: { summary: 'show what runs' },
  logs: {
    summary: 'show what the services say',
    arguments: '[SERVICE…]',
    most: Infinity,
  },
  doctor: {
    summary: 'check what a lab needs on this machine',
  },
  verify: { summary: 'prove that the lab works', reserved: true },
  deploy: { summary: 'start an application', reserved: true },
  schema: {
    summary: 'print the JSON Schema of mesos-cluster.yaml',
  },
  help: {
    summary: 'show this, or the help of a verb',
    arguments: '[VERB]',
    most: 1,
  },
  version: { summary: 'show the version' },
} as const satisfies Record<string, VerbEntry>;

export type Verb = keyof typeof verbs;

/** The words that are verbs when they come first on the command line. */
export const verbWords = (Object.keys(verbs) as Verb[]).filter((verb) => verb !== 'create');

/** What the table says of a verb, with its optional fields. */
export function verbEntry(verb: Verb): VerbEntry {
  return verbs[verb];
}
