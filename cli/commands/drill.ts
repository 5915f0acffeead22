import { resolve } from 'node:path';
import type { Drill } from '../../checks/drills/drill.ts';
import { drills } from '../../checks/drills/drills.ts';
import { drillSvg } from '../../checks/drills/report/drill-svg.ts';
import { statisticsOf } from '../../checks/drills/report/statistics.ts';
import type { DrillRun } from '../../checks/drills/report/drill-report.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor } from '../../platform/terminal.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { healLab } from '../drills/heal-lab.ts';
import { listText, statisticsText } from '../drills/drill-text.ts';
import { alone, drillNamed } from '../drills/alone.ts';
import { labOfDrill } from '../drills/lab-of-drill.ts';
import { runInLab } from '../drills/run-in-lab.ts';
import { openLab } from '../lab/open-lab.ts';

/** `drill [list]`, `drill [run] NAME`, `drill heal`: failures on purpose, what was predicted and what was measured. */
export const drill: Command = async (context, line) => {
  const [first = 'list', second] = line.positionals;
  if (first === 'list' && second === undefined) return list(context, line);
  if (first === 'heal' && second === undefined) {
    const directory = openLab(context, line);
    return alone(context, line, directory, async () => {
      const found = await labOfDrill(context, line, directory);
      context.stdout.write(`${await healLab(context, line, found)}\n`);
      return exitCodes.ok;
    });
  }
  const name = first === 'run' ? second : second === undefined ? first : undefined;
  if (name === undefined) throw usage(line);
  const chosen = drillNamed(name);
  const directory = openLab(context, line);
  return alone(context, line, directory, () => run(context, line, directory, chosen));
};

function list({ stdout, env }: Context, line: CommandLine): ExitCode {
  const data = drills.map(({ name, title, harm, needs }) => ({ name, title, harms: harm, needs }));
  const colours = coloursFor(stdout, env, !isOn(line, 'no-color'));
  stdout.write(isOn(line, 'json') ? `${JSON.stringify(data, undefined, 2)}\n` : listText(drills, colours));
  return exitCodes.ok;
}

async function run(context: Context, line: CommandLine, directory: string, chosen: Drill): Promise<ExitCode> {
  const wanted = Number(textOf(line, 'repeat') ?? '1');
  const runs: DrillRun[] = [];
  const found = await labOfDrill(context, line, directory);
  while (runs.length < wanted && !context.signal.aborted) {
    const one = await runInLab(context, line, found, chosen);
    if (one === undefined) break;
    runs.push(one);
    if (!one.healed.ok) break;
  }
  const { name, title } = chosen;
  const last = runs.at(-1);
  if (isOn(line, 'json')) {
    const data = {
      drill: name,
      title,
      lab: found.lab.plan.name,
      runtime: found.runtime.name,
      runs,
      statistics: statisticsOf(runs),
    };
    context.stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
  } else if (runs.length > 1) context.stdout.write(statisticsText(runs));
  if (last !== undefined) writeSvg(context, line, drillSvg(`${name}: ${title}`, last));
  if (context.signal.aborted) return exitCodes.interrupted;
  return runs.every(({ outcome, healed }) => outcome === 'recovered' && healed.ok)
    ? exitCodes.ok
    : exitCodes.verification;
}

function writeSvg({ cwd, files }: Context, line: CommandLine, svg: string): void {
  const name = textOf(line, 'svg');
  if (name === undefined) return;
  explainingFailures(name, 'The picture is not written', () => {
    files.writeText(resolve(cwd, name), svg, false);
  });
}

const usage = ({ positionals }: CommandLine) =>
  new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'drill does not take these arguments',
    found: positionals.join(' '),
    allowed: 'drill list, drill run NAME, drill NAME, drill heal',
    fix: 'create-mesos-cluster drill list shows the names',
  });
