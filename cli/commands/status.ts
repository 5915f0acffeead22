import { parseJson } from '../../checks/json-value.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { isOn, type CommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { composeCommand, runsOnDocker } from '../compose-project.ts';
import { lookAtLab } from '../lab-status.ts';
import { openLab } from '../open-lab.ts';
import { isForMachines } from '../lab-kind.ts';
import { openedUrls } from '../print-running.ts';
import { embeddedOf } from '../runtimes.ts';
import { statusText } from '../status-text.ts';
import { composeVerb } from './compose-verbs.ts';

const watchMs = 1000;
const composeMs = 30_000;

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
    if (!isForMachines(context, directory)) {
      const runs = await runsOnDocker(context, directory);
      context.signal.throwIfAborted();
      if (!runs) return notRunning(context, line, 'This lab does not run. Start it: npm run up');
      if (isOn(line, 'json')) return showServices(context, directory);
    }
    return composeVerb('status')(context, line);
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

/** What Compose says of the containers, as data: newer versions print an object a line, older ones an array. */
async function showServices(context: Context, directory: string): Promise<ExitCode> {
  const { arguments: words, env } = composeCommand(context, directory, ['ps', '--all', '--format', 'json']);
  const options = { cwd: directory, stdio: 'capture', signal: context.signal, timeoutMs: composeMs, env } as const;
  const result = await context.runCommand('docker', words, options);
  context.signal.throwIfAborted();
  if (result.kind !== 'ended' || result.exitCode !== 0) {
    throw new UserError({
      code: 'COMMAND_FAILED',
      message: 'docker compose does not say what runs',
      found: result.kind === 'ended' ? result.stderr.trim() : 'no answer',
      fix: 'create-mesos-cluster doctor checks what the lab needs',
    });
  }
  const services = result.stdout.split('\n').flatMap((each) => parseJson(each) ?? []);
  context.stdout.write(`${JSON.stringify({ running: true, runtime: 'docker', services }, undefined, 2)}\n`);
  return exitCodes.ok;
}

async function show(context: Context, line: CommandLine, lab: RunningLab, before = ''): Promise<ExitCode> {
  const seen = await lookAtLab(lab, context.signal);
  const { plan, processId } = lab;
  const text = isOn(line, 'json')
    ? `${JSON.stringify({ running: true, name: plan.name, runtime: 'embedded', processId, urls: openedUrls(plan), ...seen }, undefined, 2)}\n`
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
