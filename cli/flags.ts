import type { Flag } from './flag.ts';
import { specFlags } from './spec-flags.ts';
import type { Verb } from './verbs.ts';

const writers = ['create', 'generate'] as const satisfies readonly Verb[];
const planners = ['create', 'plan', 'explain'] as const satisfies readonly Verb[];
const onLabs = ['generate', 'plan', 'explain', 'up', 'down', 'status', 'logs', 'doctor', 'verify', 'deploy'] as const;
const printers = ['create', 'generate', 'plan', 'explain', 'doctor', 'schema', 'version'] as const satisfies readonly Verb[];
const all = ['create', ...onLabs, 'schema', 'help', 'version'] as const satisfies readonly Verb[];

// prettier-ignore
const running: readonly Omit<Flag, 'group'>[] = [
  { name: 'spec', value: 'FILE', verbs: planners, description: 'start from a mesos-cluster.yaml; - reads standard input' },
  { name: 'lab', value: 'DIRECTORY', verbs: onLabs, description: 'the lab to work on; default: the current folder' },
  { name: 'yes', alias: 'y', verbs: ['create'], description: 'ask nothing, take the defaults' },
  { name: 'no-interactive', verbs: ['create'], description: 'ask nothing, fail when the folder is not named' },
  { name: 'dry-run', verbs: writers, description: 'show the tree of files and the diff, write nothing' },
  { name: 'diff', verbs: writers, description: 'show what would change in each file, write nothing' },
  { name: 'force', verbs: writers, description: 'write over edited files, and into a folder that is not empty' },
  { name: 'json', verbs: printers, description: 'results, and errors, as JSON on standard output' },
  { name: 'follow', alias: 'f', verbs: ['logs'], description: 'keep showing what is added' },
  { name: 'quiet', alias: 'q', verbs: writers, description: 'print nothing but errors and warnings' },
];

const other: readonly Omit<Flag, 'group'>[] = [
  { name: 'no-color', verbs: all, description: 'no colours (as does the variable NO_COLOR)' },
  { name: 'help', alias: 'h', verbs: all, description: 'show the help, of the verb when there is one' },
  { name: 'version', alias: 'v', verbs: all, description: 'show the version' },
];

/** Every flag, in the order of the help. */
export const flags: readonly Flag[] = [
  ...specFlags,
  ...running.map((flag) => ({ ...flag, group: 'Running' as const })),
  ...other.map((flag) => ({ ...flag, group: 'Other' as const })),
];
