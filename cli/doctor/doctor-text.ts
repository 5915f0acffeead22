import type { Colours } from '../../platform/terminal.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { AnyRuntimeName } from '../../runtimes/cluster-runtime.ts';
import { allFine, portsNeed, type Diagnosis, type Finding, type SetVerdict } from '../../runtimes/doctor-facet.ts';

/** A way to run labs, or the lab that is asked about, and what it needs. */
export interface Way extends Diagnosis {
  readonly name: AnyRuntimeName;
}

/** Whether labs can run like this; with an image set, where there is a choice. */
export const canRun = ({ findings, sets }: Way): boolean =>
  allFine(findings) && (sets === undefined || sets.some(({ can }) => can));

/** One sentence about the lab that was asked about, before all details. */
export function verdictOfLab({ name, imageSet, nodes }: Plan, ways: readonly Way[], colours: Colours): string {
  const [onMachines] = ways.filter((way) => way.name === 'hosts');
  if (onMachines !== undefined) return `The lab ${name} ${machinesVerdict(onMachines, nodes.length, colours)}\n`;
  const can = ways.filter(canRun).map((way) => way.name);
  const cannot = ways.filter((way) => !canRun(way)).map((way) => way.name);
  const set = ways.some((way) => way.sets !== undefined) ? ` (image set ${imageSet})` : '';
  const words = [
    ...(can.length === 0 ? [] : [`${colours.green('can')} run here: ${can.join(', ')}`]),
    ...(cannot.length === 0 ? [] : [`${colours.red('cannot')}: ${cannot.join(', ')}, see below`]),
  ];
  return `The lab ${name}${set} ${words.join('; ')}\n`;
}

function machinesVerdict(way: Way, count: number, colours: Colours): string {
  if (canRun(way)) return `${colours.green('can')} run on its ${String(count)} machines`;
  const missing = way.findings.filter((finding) => !allFine([finding]));
  const names = [...new Set(missing.map(({ node = 'this machine' }) => node))];
  return `${colours.red('cannot')} run on its ${String(count)} machines as they are: see below at ${names.join(', ')}`;
}

/** A way, with everything that was looked at. */
export function wayText(way: Way, colours: Colours): string {
  const { name, title, findings, sets = [] } = way;
  const groups = groupsOf(findings);
  const lines = groups.map(([node, own]) => groupText(node, own, groups.length > fewMachines, colours));
  const setLines = sets.map((verdict) => setText(verdict, colours));
  return `${colours.bold(name)}: ${verdictText(way, title, colours)}\n${lines.join('')}${setLines.join('')}`;
}

/** By machine, in the order in which they come; what is about none of them first. */
function groupsOf(findings: readonly Finding[]): readonly (readonly [string, readonly Finding[]])[] {
  const names = new Set(['', ...findings.map(({ node = '' }) => node)]);
  return [...names].map((name) => [name, findings.filter(({ node = '' }) => node === name)] as const);
}

/** Up to so many, all that was seen of each is shown. */
const fewMachines = 6;

function groupText(node: string, findings: readonly Finding[], isBrief: boolean, colours: Colours): string {
  const lines = findings.map((finding) => findingText(finding, colours));
  if (node === '') return lines.join('');
  if (isBrief && findings.every(({ ok }) => ok)) {
    return `  ${colours.green('ok     ')} ${node}: all ${String(findings.length)} things are as they should be (--json shows them)\n`;
  }
  return `  ${colours.bold(node)}\n${lines.map(indented).join('')}`;
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

function verdictText(way: Way, title: string, colours: Colours): string {
  if (canRun(way)) return `${colours.green('can')} run ${title}`;
  const missing = way.findings.filter((finding) => !allFine([finding]));
  return missing.length > 0 && missing.every(({ need }) => need === portsNeed)
    ? `${colours.red('cannot')}: this lab's ports are taken:`
    : `${colours.red('cannot')} run ${title}`;
}

function findingText({ need, found, fix, ok, isWarning }: Finding, colours: Colours): string {
  const mark = ok ? colours.green('ok     ') : isWarning === true ? colours.yellow('warning') : colours.red('missing');
  return `  ${mark} ${need}: ${found}\n${ok ? '' : fixText(fix)}`;
}

const fixText = (fix: string | undefined) => (fix === undefined ? '' : `          fix: ${fix}\n`);

function setText({ set, title, can, refusals }: SetVerdict, colours: Colours): string {
  const mark = can ? colours.green('can    ') : colours.red('cannot ');
  const reasons = refusals.map(({ message, found, fix }) => `          ${message} (${found})\n${fixText(fix)}`);
  return `  ${mark} --image-set ${set}: ${title}\n${reasons.join('')}`;
}
