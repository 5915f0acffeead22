import { clusterClient } from '../../checks/cluster-client.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor } from '../../platform/terminal.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { findLab, notRunning, openLab } from '../lab/open-lab.ts';
import { readableParts, sourcesOf, type LogSources } from '../logs/log-sources.ts';
import { printBare, printJson, printNamed, type LinePrinter } from '../logs/print-lines.ts';
import { showLogs, type LogChoice } from '../logs/show-logs.ts';
import { sinceTime } from '../logs/since.ts';

const defaultTail = 100;

/** `logs [NAME…]`: what components, apps and tasks say; without a name, what all of them do, ordered by time. */
export const logs: Command = async (context, line) => {
  const { signal } = context;
  const directory = openLab(context, line);
  const there = await findLab(context, line, directory);
  signal.throwIfAborted();
  if (there === undefined) throw notRunning();
  const note = (text: string) => {
    context.stderr.write(`${text}\n`);
  };
  const sources = await sourcesOf(line.positionals, there, { signal, note });
  const toText = printerFor(context, line, sources);
  const partsNow = async () => readableParts(await there.runtime.find({ directory }, signal));
  await showLogs(sources, choiceOf(line, Date.now()), {
    ...{ runtime: there.runtime, lab: { directory }, clock: systemClock, wallClock: Date.now, signal, note, partsNow },
    clientFor: clusterClient,
    print: (lines) => {
      context.stdout.write(toText(lines));
    },
  });
  return exitCodes.ok;
};

function choiceOf(line: CommandLine, now: number): LogChoice {
  const [tail, since, grep] = [textOf(line, 'tail'), textOf(line, 'since'), textOf(line, 'grep')];
  return {
    tail: tail === undefined ? (since === undefined ? defaultTail : Infinity) : Number(tail),
    since: since === undefined ? undefined : sinceTime(since, now),
    grep: grep === undefined ? undefined : new RegExp(grep),
    follow: isOn(line, 'follow'),
  };
}

function printerFor({ stdout, env }: Context, line: CommandLine, { parts, tasks }: LogSources): LinePrinter {
  if (isOn(line, 'json')) return printJson;
  if (tasks.length === 0 && parts.length === 1) return printBare;
  return printNamed(parts, coloursFor(stdout, env, !isOn(line, 'no-color')));
}
