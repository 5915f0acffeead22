import { exitCodes } from '../../errors/exit-codes.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor, type Colours } from '../../platform/terminal.ts';
import { isOn, type CommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import {
  checkNode,
  checkPorts,
  dockerFindings,
  portsNeed,
  vagrantFindings,
  type Finding,
} from '../machine-findings.ts';
import { planOfLab } from '../open-lab.ts';
import { labDirectory } from '../plan-source.ts';
import { isLab } from '../read-spec.ts';

/** A way to run labs, and what it needs of this machine. */
interface Way {
  readonly name: 'embedded' | 'docker' | 'vagrant';
  readonly title: string;
  /** Whether the lab can be run like this at all. */
  readonly findings: readonly Finding[];
}

/**
 * `doctor`: what this machine can run, and for each thing it cannot: why, and what to do. In a lab only the ways that
 * the lab can be run in count. Exit code 3 when there is none.
 */
export const doctor: Command = async (context, line) => {
  const ways = await waysFor(context, line);
  if (isOn(line, 'json')) {
    const data = ways.map(({ name, findings }) => ({ runtime: name, can: canRun(findings), findings }));
    context.stdout.write(`${JSON.stringify({ runtimes: data }, undefined, 2)}\n`);
  } else {
    const colours = coloursFor(context.stdout, context.env, !isOn(line, 'no-color'));
    context.stdout.write(ways.map((way) => textOf(way, colours)).join(''));
  }
  return ways.some(({ findings }) => canRun(findings)) ? exitCodes.ok : exitCodes.machine;
};

const canRun = (findings: readonly Finding[]): boolean => findings.every(({ ok }) => ok);

async function waysFor(context: Context, line: CommandLine): Promise<readonly Way[]> {
  const directory = labDirectory(context, line);
  const inLab = isLab(context, directory);
  const plan = inLab ? await planOfLab(context, line, directory) : undefined;
  const vagrant = async (): Promise<Way> => ({
    name: 'vagrant',
    title: 'labs of virtual machines',
    findings: [checkNode(context), ...(await vagrantFindings(context))],
  });
  if (plan?.runtime === 'hosts' && plan.vagrant !== undefined) return [await vagrant()];
  const docker: Way = {
    name: 'docker',
    title: 'labs on one Docker Engine',
    findings: [checkNode(context), ...(await dockerFindings(context))],
  };
  if (plan?.runtime === 'hosts') return [docker];
  const embedded: Way = {
    name: 'embedded',
    title: 'labs without Docker (its containers are simulated, commands are real)',
    findings: [checkNode(context), ...(plan === undefined ? [] : await checkPorts(context, plan, directory))],
  };
  return [docker, embedded, ...(plan === undefined ? [await vagrant()] : [])];
}

function textOf({ name, title, findings }: Way, colours: Colours): string {
  const missing = findings.filter(({ ok }) => !ok);
  const verdict =
    missing.length === 0
      ? `${colours.green('can')} run ${title}`
      : missing.every(({ need }) => need === portsNeed)
        ? `${colours.red('cannot')}: this lab's ports are taken:`
        : `${colours.red('cannot')} run ${title}`;
  const lines = findings.map(({ need, found, fix, ok }) => {
    const mark = ok ? colours.green('ok     ') : colours.red('missing');
    return `  ${mark} ${need}: ${found}\n${ok || fix === undefined ? '' : `          fix: ${fix}\n`}`;
  });
  return `${colours.bold(name)}: ${verdict}\n${lines.join('')}`;
}
