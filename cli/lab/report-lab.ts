import { relative } from 'node:path';
import type { Problem } from '../../errors/user-error.ts';
import { fileTree, unifiedDiff } from '../../lab/show-diff.ts';
import type { LabComparison } from '../../lab/compare-lab.ts';
import { manifestPath } from '../../lab/lab-layout.ts';
import type { Context } from '../../platform/context.ts';
import { shellWord } from '../../platform/processes/shell-words.ts';
import { coloursFor } from '../../platform/terminal.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { counted, describePlan } from './describe-plan.ts';
import { problemText } from '../printing/problem-text.ts';

/** What was, or would be, done to a lab. */
export interface LabReport {
  /** Absolute. */
  readonly directory: string;
  readonly plan: Plan;
  readonly warnings: readonly Problem[];
  readonly comparison: LabComparison;
  /** Files with random secrets that are made beside it, where there are none. */
  readonly secrets: readonly string[];
  /** Whether it was done, or only shown. */
  readonly written: boolean;
  /** What --json tells beside the files. */
  readonly details: Readonly<Record<string, unknown>>;
}

type Change = LabComparison['changes'][number];

/** The tool's own files in a lab are of no interest to the person who made it. */
const isOfInterest = ({ path }: Change) => !path.startsWith('.mesos-cluster/');

/** The tree of a lab's files, as far as they are of interest. */
export function interestingTree({ changes }: LabComparison): string {
  return fileTree(changes.filter(isOfInterest));
}

/** Prints the warnings on standard error, whatever the result is. */
export function printWarnings(context: Context, line: CommandLine, warnings: readonly Problem[]): void {
  if (warnings.length === 0) return;
  const colours = coloursFor(context.stderr, context.env, !isOn(line, 'no-color'));
  for (const warning of warnings) context.stderr.write(problemText(warning, colours.yellow('warning'), colours));
}

/** Prints what was done, or with --dry-run and --diff what would be: as text, or with --json as data. */
export async function reportLab(context: Context, line: CommandLine, report: LabReport): Promise<void> {
  const { directory, warnings, comparison, secrets, written } = report;
  const diff = written ? undefined : await interestingDiff(comparison);
  if (isOn(line, 'json')) {
    const made = secrets.map((path) => ({ path, kind: 'create', edited: false }));
    const files = [...comparison.changes, ...made].map(({ path, kind, edited }) => ({
      path,
      change: kind,
      ...(edited ? { edited } : {}),
    }));
    const data = { directory, written, files, warnings, ...report.details, ...(diff === undefined ? {} : { diff }) };
    context.stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
    return;
  }
  printWarnings(context, line, warnings);
  if (isOn(line, 'quiet')) return;
  if (diff !== undefined) context.stdout.write(isOn(line, 'dry-run') ? treeAndDiff(report, diff) : diff);
  else
    context.stdout.write(
      line.verb === 'create' || line.verb === 'adopt' ? created(context, line, report) : regenerated(context, report),
    );
}

function interestingDiff(comparison: LabComparison): Promise<string> {
  return unifiedDiff({ ...comparison, changes: comparison.changes.filter(isOfInterest) });
}

function treeAndDiff({ comparison, secrets }: LabReport, diff: string): string {
  const made = secrets.map((path) => `${path} would be made, with a random password\n`).join('');
  return `${interestingTree(comparison)}${made}${diff === '' ? '' : `\n${diff}`}`;
}

function created(context: Context, line: CommandLine, report: LabReport): string {
  const { directory, plan, comparison, secrets } = report;
  const colours = coloursFor(context.stdout, context.env, !isOn(line, 'no-color'));
  const folder = relative(context.cwd, directory);
  const count = comparison.changes.filter((change) => isOfInterest(change) && change.kind !== 'unchanged').length;
  const lost = lostFiles(comparison);
  return [
    `${colours.green('Wrote')} ${counted(count, 'file')} to ${colours.bold(folder === '' ? 'this folder' : folder)}: ${describePlan(plan)}.`,
    ...(lost.length > 0 ? [`${colours.yellow('Replaced')} what was there: ${lost.join(', ')}.`] : []),
    ...secrets.map((path) => `${colours.green('Made')} ${path} with a random password, which git ignores.`),
    '',
    'Next:',
    ...(folder === '' ? [] : [`  cd ${shellWord(folder)}`]),
    ...firstSteps(plan),
    '',
  ].join('\n');
}

/** What --force has cost: files that were not as this tool wrote them, and the spec, which is always the user's. */
function lostFiles({ changes, request }: LabComparison): readonly string[] {
  return changes
    .filter(({ path, kind, edited }) => edited || (kind === 'update' && path === request.spec.path))
    .map(({ path }) => path);
}

function firstSteps({ placement, vagrant, adopted, nodes }: Plan): readonly string[] {
  if (adopted !== undefined) return ['  npm run status', '  npm run verify'];
  const needsWays =
    placement === 'machines' && vagrant === undefined && nodes.some(({ docker }) => docker === undefined);
  return [
    ...(needsWays ? ['  add docker: ssh://USER@ADDRESS to the nodes in mesos-cluster.yaml', '  npm run generate'] : []),
    '  npm run up',
  ];
}

function regenerated({ cwd }: Context, { directory, comparison, secrets }: LabReport): string {
  const folder = relative(cwd, directory) || 'this folder';
  // The manifest lists the others: that it follows them is not worth a word.
  const changed = comparison.changes.filter(({ kind, path }) => kind !== 'unchanged' && path !== manifestPath);
  const made = secrets.map((path) => `made ${path}, with a random password\n`).join('');
  if (changed.length === 0 && made === '')
    return `Nothing to do in ${folder}: every file is as mesos-cluster.yaml says.\n`;
  const shown = changed.filter(isOfInterest);
  const tool =
    changed.length > shown.length ? 'Brought the copy of create-mesos-cluster in .mesos-cluster up to date.\n' : '';
  const words = { create: 'created', update: 'updated', remove: 'removed', unchanged: '' } as const;
  return `${shown.map(({ path, kind }) => `${words[kind]} ${path}\n`).join('')}${made}${tool}`;
}
