import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { counted } from '../lab/describe-plan.ts';
import { openLab } from '../lab/open-lab.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { changeAgents } from './change-agents.ts';

/**
 * `scale agents N`: writes the number into mesos-cluster.yaml, generates the files again, and brings a lab that runs to
 * it. The last agents go first, with everything they have; their tasks are started elsewhere. `auto`: as its autoscaler says.
 */
export async function scaleAgents(context: Context, line: CommandLine, count: string): Promise<number> {
  const directory = openLab(context, line);
  if (count === 'auto') return (await import('./follow-autoscaler.ts')).followAutoscaler(context, line, directory);
  const wanted = agentCount(count);
  const { before } = await changeAgents({ context, line, directory, reporter: reporterFor(context, line) }, wanted);
  if (before === undefined) {
    context.stdout.write(`The lab does not run; up starts it with ${counted(wanted, 'agent')}.\n`);
    return exitCodes.ok;
  }
  context.stdout.write(`${counted(wanted, 'agent')} ${wanted === 1 ? 'is' : 'are'} registered.\n`);
  if (wanted < before.agents.length) context.stdout.write('The tasks of those that went are started elsewhere.\n');
  return exitCodes.ok;
}

function agentCount(count: string): number {
  if (/^[1-9]\d{0,4}$/.test(count)) return Number(count);
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `${count} is not a number of agents`,
    allowed: 'a whole number from 1, such as 3, or auto',
    fix: 'create-mesos-cluster scale agents 3; an app that is called agents: scale /agents 3',
  });
}
