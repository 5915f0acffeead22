import type { Flag } from './flag.ts';
import { machineScripts } from '../../generators/lab-scripts.ts';
import { placementOfRuntime } from '../../planning/shape/old-names.ts';
import { runtimeNames } from '../../runtimes/runtime-names.ts';
import {
  checking,
  moment,
  oneOf,
  pattern,
  portToListen,
  requestsPerSecond,
  seconds,
  share,
  times,
  timeToLoad,
  wholeNumber,
  type ReadValue,
} from './flag-values.ts';
import { specFlags } from './spec-flags.ts';
import { strategyNames } from '../../planning/catalogue/strategy-names.ts';
import { confirming, type Verb } from './verbs.ts';

const writers = ['create', 'generate', 'adopt'] as const satisfies readonly Verb[];
const planners = ['create', 'plan', 'explain'] as const satisfies readonly Verb[];
const onLabs = machineScripts satisfies readonly Verb[];
const results = [
  'up',
  'status',
  'verify',
  'deploy',
  'scale',
  'rollback',
  'list',
  'images',
  'doctor',
  'page',
  'drill',
  'learn',
  'load',
] as const;
const printers = [
  'create',
  'generate',
  'adopt',
  'plan',
  'explain',
  ...results,
  'logs',
  'schema',
  'version',
] as const satisfies readonly Verb[];
const all = [
  'create',
  'adopt',
  ...onLabs,
  'load',
  'list',
  'schema',
  'help',
  'version',
] as const satisfies readonly Verb[];

const steersBy = (read: NonNullable<Flag['steers']>[Verb], ...verbs: readonly Verb[]) =>
  Object.fromEntries(verbs.map((verb) => [verb, read]));

const isFormerWord = (text: string): text is keyof typeof placementOfRuntime => Object.hasOwn(placementOfRuntime, text);

/** `--runtime` said where the nodes are when a lab is made, until that became `--placement`. */
const readFormerRuntime: ReadValue = (text) => {
  const placement = isFormerWord(text) ? placementOfRuntime[text] : undefined;
  return placement === undefined
    ? { allowed: '--placement one-host or machines', fix: '--runtime is for up; leave it out here' }
    : [{ path: ['placement'], value: placement }];
};
const nameOfToday = (text: string) => `--placement ${isFormerWord(text) ? placementOfRuntime[text] : text}`;
const formerPlacement = {
  read: readFormerRuntime,
  formerly: { create: nameOfToday, plan: nameOfToday, explain: nameOfToday },
} satisfies Partial<Flag>;
const waiting = [
  'up',
  'start',
  'verify',
  'deploy',
  'scale',
  'rollback',
  'drill',
  'learn',
] as const satisfies readonly Verb[];

/** These say on standard error what they are at. */
const progressing = ['up', 'verify', 'drill', 'images', 'doctor', 'learn', 'load', ...confirming] as const;

// prettier-ignore
const steering: readonly Omit<Flag, 'group'>[] = [
  { name: 'spec', value: 'FILE', verbs: planners, description: 'start from a mesos-cluster.yaml; - reads standard input' },
  { name: 'lab', value: 'DIRECTORY', verbs: [...onLabs, '__daemon'], description: 'the lab to work on; default: the current folder' },
  { name: 'yes', alias: 'y', verbs: ['create'], description: 'ask nothing, take the defaults' },
  { name: 'no-interactive', verbs: ['create'], description: 'ask nothing, fail when the folder is not named' },
  { name: 'dry-run', verbs: writers, description: 'show the tree of files and the diff, write nothing' },
  { name: 'diff', verbs: writers, description: 'show what would change in each file, write nothing' },
  { name: 'force', verbs: [...writers, 'up', 'deploy', 'scale', 'rollback', 'images'], description: 'write over what is there; up: try anyway; deploy: over a deployment' },
  { name: 'registry', verbs: ['images'], description: 'images list: what is in the registry of the lab' },
  { name: 'json', verbs: printers, description: 'results, and errors, as JSON on standard output' },
  { name: 'runtime', value: 'RUNTIME', verbs: ['up', ...planners], steers: steersBy(checking(oneOf(runtimeNames)), 'up'), ...formerPlacement, description: `what runs the lab: ${runtimeNames.join(', ')}` },
  { name: 'retain', verbs: ['up'], description: 'leave what was started when something fails' },
  { name: 'skip-unreachable', verbs: ['up'], description: 'go on without machines that are not reached' },
  { name: 'timeout', value: 'SECONDS', verbs: waiting, steers: steersBy(seconds, ...waiting), description: 'how long each wait may take' },
  { name: 'mesos', value: 'URL', verbs: ['verify', 'page'], description: 'a cluster without a lab: its masters, with commas' },
  { name: 'marathon', value: 'URL', verbs: ['verify', 'adopt', 'page'], description: 'its Marathon' },
  { name: 'lb', value: 'URL', verbs: ['verify', 'adopt'], description: 'its load balancer' },
  { name: 'keep', verbs: ['verify'], description: 'leave what it deployed running' },
  { name: 'junit', value: 'FILE', verbs: ['verify', 'learn'], description: 'write the results as JUnit XML, too' },
  { name: 'target', value: 'NAME', verbs: ['drill'], description: 'what the drill strikes, such as agent2; default: it finds that' },
  { name: 'repeat', value: 'N', verbs: ['drill'], steers: steersBy(times, 'drill'), description: 'run it so many times; minimum, median and maximum' },
  { name: 'svg', value: 'FILE', verbs: ['drill'], description: 'draw the last run as a picture, too' },
  { name: 'page-port', value: 'N', verbs: ['page'], steers: steersBy(portToListen, 'page'), description: 'where the page is; default: a port that is free' },
  { name: 'watch', alias: 'w', verbs: ['status'], description: 'keep showing what changes' },
  { name: 'rate', value: 'N', verbs: ['load'], steers: steersBy(requestsPerSecond, 'load'), description: 'requests per second; default: 10' },
  { name: 'for', value: 'TIME', verbs: ['load'], steers: steersBy(timeToLoad, 'load'), description: 'how long, such as 60s or 5m; default: 60s' },
  { name: 'wait', verbs: ['deploy', 'scale'], description: 'wait until the deployment is done' },
  { name: 'strategy', value: 'STRATEGY', verbs: ['deploy'], steers: steersBy(checking(oneOf(strategyNames)), 'deploy'), description: `how a new version comes in: ${strategyNames.join(', ')}` },
  { name: 'share', value: 'N|N%', verbs: ['deploy'], steers: steersBy(share, 'deploy'), description: 'canary: instances of the new version, or their share; default: 1' },
  { name: 'watch-for', value: 'SECONDS', verbs: ['deploy'], steers: steersBy(seconds, 'deploy'), description: 'canary: how long it must be well before the rest follows; default: 60' },
  { name: 'to', value: 'VERSION', verbs: ['rollback'], description: 'a version of GET /v2/apps/APP/versions; default: the one before' },
  { name: 'follow', alias: 'f', verbs: ['logs'], description: 'keep showing what is added' },
  { name: 'tail', value: 'N', verbs: ['logs'], steers: steersBy(checking(wholeNumber()), 'logs'), description: 'how many lines of each; default: 100, with --since all' },
  { name: 'since', value: 'TIME', verbs: ['logs'], steers: steersBy(moment, 'logs'), description: 'nothing older: 10m, 1h30m, 2d, or a time such as 2026-11-30T05:47:00Z' },
  { name: 'grep', value: 'PATTERN', verbs: ['logs'], steers: steersBy(pattern, 'logs'), description: 'only lines in which this regular expression is found' },
  { name: 'lessons', value: 'DIRECTORY', verbs: ['learn'], description: 'lessons of your own; - takes those of the program again' },
  { name: 'learner', value: 'NAME', verbs: ['learn'], description: 'learn report: who you are; kept in the lab' },
  { name: 'html', value: 'FILE', verbs: ['learn'], description: 'learn report and grade: write a page, too' },
  { name: 'csv', value: 'FILE', verbs: ['learn'], description: 'learn grade: write a table for spreadsheets, too' },
  { name: 'without-answers', verbs: ['learn'], description: 'learn export: leave solutions and right answers out' },
  { name: 'images', value: 'FILE', verbs: ['learn'], description: 'learn export: a file of images save, made if need be, goes in' },
  { name: 'quiet', alias: 'q', verbs: [...writers, ...progressing], description: 'print nothing but errors and warnings' },
];

const other: readonly Omit<Flag, 'group'>[] = [
  { name: 'no-color', verbs: all, description: 'no colours (as does the variable NO_COLOR)' },
  { name: 'help', alias: 'h', verbs: all, description: 'show the help, of the verb when there is one' },
  { name: 'version', alias: 'v', verbs: all, description: 'show the version' },
];

/** Every flag, in the order of the help. */
export const flags: readonly Flag[] = [
  ...specFlags,
  ...steering.map((flag) => ({ ...flag, group: 'Running' as const })),
  ...other.map((flag) => ({ ...flag, group: 'Other' as const })),
];
