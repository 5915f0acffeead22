import { randomBytes } from 'node:crypto';
import type { Drill } from '../../checks/drills/drill.ts';
import { runDrill, type DrillProgress } from '../../checks/drills/run-drill.ts';
import type { DrillRun } from '../../checks/drills/report/drill-report.ts';
import { shortTime } from '../../checks/drills/report/times.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor } from '../../platform/terminal.ts';
import { reporterFor, timeoutMs } from '../apps/running-marathon.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import { appOf } from '../running/run-verify.ts';
import { refuseIfNot } from '../running/runtimes.ts';
import type { RunningStep } from '../printing/step-reporter.ts';
import { readDrillRecord, removeDrillRecord, writeDrillRecord } from './drill-record.ts';
import { runText, strikeText } from './drill-text.ts';
import { refuseIfActedOn, type LabOfDrill } from './lab-of-drill.ts';
import { prove } from './prove.ts';

/** Where the terminal does not say how wide it is. */
const usualWidth = 100;

/**
 * Runs a drill once, and prints what is predicted, what happens and what came of it.
 * @returns undefined when it was interrupted before it struck
 * @throws UserError when it cannot be done; all is as it was then
 */
export async function runInLab(
  context: Context,
  line: CommandLine,
  found: LabOfDrill,
  drill: Drill,
): Promise<DrillRun | undefined> {
  const { files, signal, stdout, env } = context;
  const { directory, lab, runtime, cluster, control } = found;
  const { times } = runtime;
  const left = readDrillRecord(files, directory);
  if (left !== undefined) throw leftBehind(left.drill);
  if (drill.harm === 'parts of the lab') await refuseIfNot(runtime, 'kill', directory, context);
  refuseIfActedOn(lab);
  const isJson = isOn(line, 'json');
  const colours = coloursFor(stdout, env, !isOn(line, 'no-color'));
  const wanted = textOf(line, 'target');
  const show = showProgress(context, line);
  const result = await runDrill({
    ...{ plan: lab.plan, cluster, drill, control, signal },
    nginx: appOf(lab.plan, 'nginx'),
    ...(wanted === undefined ? {} : { wanted }),
    runId: randomBytes(4).toString('hex'),
    clock: systemClock,
    epochMs: Date.now,
    intervalMs: times.intervalMs,
    timeoutMs: timeoutMs(line, Math.max(times.appsMs, times.readyMs)),
    remember: (record) => {
      writeDrillRecord(files, directory, record);
    },
    forget: () => {
      removeDrillRecord(files, directory);
    },
    prove: () => prove(line, found),
    onProgress: (progress) => {
      show.progress(progress);
      if (progress.kind === 'predicted' && !isJson && !isOn(line, 'quiet'))
        stdout.write(strikeText(progress.strike, colours));
    },
  })
    .catch((error: unknown) => {
      throw asUserError(error);
    })
    .finally(() => {
      show.end();
      if (readDrillRecord(files, directory) === undefined) return;
      reporterFor(context, line).warn('It is not healed yet: create-mesos-cluster drill heal tries again');
    });
  if (result !== undefined && !isJson) stdout.write(runText(result, colours, stdout.columns ?? usualWidth));
  return result;
}

/** Steps, and events as they happen, on standard error. */
function showProgress(context: Context, line: CommandLine) {
  const reporter = reporterFor(context, line);
  let running: RunningStep | undefined;
  const end = () => {
    running?.end('done');
    running = undefined;
  };
  context.signal.addEventListener('abort', () => {
    reporter.warn('Interrupted: it heals first. Once more leaves all as it is, for drill heal');
  });
  return {
    end,
    progress: (progress: DrillProgress) => {
      if (progress.kind === 'predicted') end();
      if (progress.kind === 'event') reporter.note(`${shortTime(progress.atMs).padStart(7)}  ${progress.text}`);
      if (progress.kind !== 'step') return;
      end();
      running = reporter.begin({ title: progress.title });
    },
  };
}

const leftBehind = (drill: string) =>
  new UserError({
    code: 'NOT_READY',
    message: `${drill} was ended before it had healed what it did; nothing was done`,
    fix: 'create-mesos-cluster drill heal',
  });

/** By its name: it may have been thrown in a chunk of the bundle that was loaded later. */
function asUserError(error: unknown): unknown {
  if (isUserError(error) || !(error instanceof Error) || error.name !== 'DrillRefusal') return error;
  const { kind, details } = error as Error & { kind: string; details: object };
  return new UserError({
    code: kind === 'usage' ? 'USAGE_ARGUMENTS' : 'NOT_READY',
    message: error.message,
    ...details,
  });
}
