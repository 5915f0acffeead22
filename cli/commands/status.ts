import { exitCodes } from '../../errors/exit-codes.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { FoundLab, RunningLab } from '../../runtimes/cluster-runtime.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { lookAtLab } from '../status/lab-status.ts';
import { findLab, openLab, specInTheWay } from '../lab/open-lab.ts';
import { remainsText } from '../lab/former-folder.ts';
import { statusData } from '../status/status-data.ts';
import { statusText } from '../status/status-text.ts';
import { unknownAgents } from '../status/unknown-agents.ts';

const watchMs = 1000;

/** `status`: what runs. Exit code 5 when the lab does not run, or a part of it does not do what it should. */
export const status: Command = async (context, line) => {
  const directory = openLab(context, line);
  const find = async () => (await findLab(context, line, directory))?.found ?? ({ kind: 'nothing' } as const);
  return isOn(line, 'watch') ? watch(context, line, find) : show(context, line, await find());
};

async function show(context: Context, line: CommandLine, found: FoundLab): Promise<number> {
  context.signal.throwIfAborted();
  switch (found.kind) {
    case 'nothing':
      return notRunning(context, line, 'This lab does not run. Start it: npm run up');
    case 'remains':
      return notRunning(context, line, `${remainsText(found)} up starts it here; down removes what is left.`);
    case 'unplanned':
      throw specInTheWay(found.problem);
    case 'stopped':
    case 'running':
      return showLab(context, line, found.lab);
  }
}

function notRunning({ stdout }: Context, line: CommandLine, text: string): number {
  stdout.write(isOn(line, 'json') ? `${JSON.stringify({ running: false }, undefined, 2)}\n` : `${text}\n`);
  return exitCodes.notReady;
}

async function showLab(context: Context, line: CommandLine, lab: RunningLab, before = ''): Promise<number> {
  const [seen, full] = await Promise.all([lookAtLab(lab, context.signal), lab.fullDisk?.(context.signal)]);
  const { machines = [] } = lab;
  const unknown = lab.runtime === 'adopted' ? await unknownAgents(lab, context.signal) : [];
  const text = isOn(line, 'json')
    ? `${JSON.stringify({ ...statusData(lab, seen, unknown), ...(full === undefined ? {} : { problem: full }) }, undefined, 2)}\n`
    : statusText(lab, seen, unknown, full);
  context.stdout.write(`${before}${text}`);
  if (full !== undefined) return exitCodes.notReady;
  return [...seen.components, ...seen.parts, ...machines].every(({ ok }) => ok) ? exitCodes.ok : exitCodes.notReady;
}

/** Shows it every second, on a terminal over the one before, until Ctrl-C or the end of the lab. */
async function watch(context: Context, line: CommandLine, find: () => Promise<FoundLab>): Promise<number> {
  const clear = context.stdout.isTerminal ? '\u001b[H\u001b[2J' : '';
  for (let first = true; ; first = false) {
    try {
      const found = await find();
      if (found.kind !== 'running') {
        return first ? await show(context, line, found) : notRunning(context, line, 'This lab does not run any more.');
      }
      await showLab(context, line, found.lab, clear);
      await systemClock.sleep(watchMs, context.signal);
    } catch (error) {
      if (context.signal.aborted) return exitCodes.interrupted;
      throw error;
    }
  }
}
