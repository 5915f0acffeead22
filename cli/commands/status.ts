import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { isOn, type CommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { lookAtLab } from '../lab-status.ts';
import { openLab } from '../open-lab.ts';
import { isForMachines } from '../lab-kind.ts';
import { dockerOf, embeddedOf } from '../runtimes.ts';
import { statusText } from '../status-text.ts';
import { composeVerb } from './compose-verbs.ts';

const watchMs = 1000;

/** `status`: what runs. Exit code 5 when the lab does not run, or a component of it does not do what it should. */
export const status: Command = async (context, line) => {
  const directory = openLab(context, line);
  const embedded = embeddedOf(context);
  const found = embedded.find({ directory });
  if (found.kind === 'remains') {
    return notRunning(
      context,
      line,
      'The process of this lab was killed. up starts it again; down removes what is left.',
    );
  }
  if (found.kind === 'nothing') {
    const noDocker = isForMachines(context, directory)
      ? undefined
      : await dockerOf(context, directory).unavailable(context.signal);
    if (noDocker === undefined) return composeVerb('status')(context, line);
    context.signal.throwIfAborted();
    return notRunning(context, line, 'This lab does not run. Start it: npm run up');
  }
  if (isOn(line, 'watch')) {
    return watch(context, line, () => {
      const now = embedded.find({ directory });
      return now.kind === 'running' ? now.lab : undefined;
    });
  }
  return show(context, line, found.lab);
};

function notRunning({ stdout }: Context, line: CommandLine, text: string): ExitCode {
  stdout.write(isOn(line, 'json') ? `${JSON.stringify({ running: false }, undefined, 2)}\n` : `${text}\n`);
  return exitCodes.notReady;
}

async function show(context: Context, line: CommandLine, lab: RunningLab, before = ''): Promise<ExitCode> {
  const seen = await lookAtLab(lab, context.signal);
  const { plan, processId } = lab;
  const text = isOn(line, 'json')
    ? `${JSON.stringify({ running: true, name: plan.name, runtime: 'embedded', processId, urls: plan.urls, ...seen }, undefined, 2)}\n`
    : statusText(lab, seen);
  context.stdout.write(`${before}${text}`);
  return seen.components.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.notReady;
}

/** Shows it every second, on a terminal over the one before, until Ctrl-C or the end of the lab. */
async function watch(context: Context, line: CommandLine, find: () => RunningLab | undefined): Promise<ExitCode> {
  const clear = context.stdout.isTerminal ? '\u001b[H\u001b[2J' : '';
  for (;;) {
    const lab = find();
    if (lab === undefined) return notRunning(context, line, 'This lab does not run any more.');
    try {
      await show(context, line, lab, clear);
      await systemClock.sleep(watchMs, context.signal);
    } catch (error) {
      if (context.signal.aborted) return exitCodes.interrupted;
      throw error;
    }
  }
}
