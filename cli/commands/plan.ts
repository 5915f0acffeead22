import { exitCodes } from '../../errors/exit-codes.ts';
import { planTable } from '../../planning/explain/plan-table.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { specToShow } from '../lab/plan-source.ts';
import { printWarnings } from '../lab/report-lab.ts';

/** `plan`: every decision, as a table or as data. */
export const plan: Command = async (context, line) => {
  const { spec, locate } = await specToShow(context, line);
  const prepared = await preparePlan(spec, locate);
  printWarnings(context, line, prepared.warnings);
  if (isOn(line, 'json')) {
    context.stdout.write(`${JSON.stringify(prepared.plan, undefined, 2)}\n`);
  } else {
    context.stdout.write(planTable(prepared.plan));
  }
  return exitCodes.ok;
};
