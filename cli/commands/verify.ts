import { resolve } from 'node:path';
import { targetFromUrls } from '../../checks/cluster-target.ts';
import { junitXml } from '../../checks/verify/junit.ts';
import type { CheckResult, VerifyResult } from '../../checks/verify/verify.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import { coloursFor } from '../../platform/terminal.ts';
import type { Context } from '../../platform/context.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { isOn, specUses, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { clusterOfLab, expectAnswer, openLab, type ClusterInReach } from '../lab/open-lab.ts';
import { reporterFor, timeoutMs } from '../apps/running-marathon.ts';
import { checkText, verifyCluster, verifySummary } from '../running/run-verify.ts';
import { locateByKey, locateSettings, settingsOf, withSettings } from '../command-line/spec-from-flags.ts';

const defaultStartMs = 300_000;
const intervalMs = 50;

/** `verify`: proves that a cluster works, of a lab or by URLs alone. Exit code 6 when a check fails. */
export const verify: Command = async (context, line) => {
  const { plan, target, fullDisk } = await subject(context, line);
  const result = await verifyCluster(plan, target, {
    reporter: reporterFor(context, line),
    signal: context.signal,
    ...(fullDisk === undefined ? {} : { fullDisk }),
    keep: isOn(line, 'keep'),
    startMs: timeoutMs(line, defaultStartMs),
    intervalMs,
    onResult: resultPrinter(context, line),
  });
  writeJunit(context, line, result);
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  else if (!isOn(line, 'quiet') || result.outcome !== 'passed') context.stdout.write(verifySummary(result));
  return verifyExitCode(result);
};

/** Prints each result as it comes, unless they are printed as data in the end; with --quiet those of checks that fail. */
export function resultPrinter(
  { stdout, env }: Pick<Context, 'stdout' | 'env'>,
  line: CommandLine,
): (result: CheckResult) => void {
  if (isOn(line, 'json')) return () => undefined;
  const colours = coloursFor(stdout, env, !isOn(line, 'no-color'));
  return (result) => {
    if (isOn(line, 'quiet') && result.outcome !== 'failed') return;
    stdout.write(checkText(result, colours));
  };
}

export function verifyExitCode({ outcome }: VerifyResult): ExitCode {
  return { passed: exitCodes.ok, failed: exitCodes.verification, interrupted: exitCodes.interrupted }[outcome];
}

/** What is verified, and the plan that says what the apps look like. */
async function subject(
  context: Context,
  line: CommandLine,
): Promise<Pick<ClusterInReach, 'plan' | 'target' | 'fullDisk'>> {
  const [mesos, marathon, loadBalancer] = [textOf(line, 'mesos'), textOf(line, 'marathon'), textOf(line, 'lb')];
  if (mesos === undefined && marathon === undefined && loadBalancer === undefined) {
    const cluster = await clusterOfLab(context, line, openLab(context, line));
    const { without = [] } = cluster;
    if (without.length > 0) reporterFor(context, line).warn(`Without ${without.join(', ')}: start brings it back`);
    await expectAnswer(cluster, context.signal);
    return cluster;
  }
  if (mesos === undefined || marathon === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `${mesos === undefined ? '--mesos' : '--marathon'} is missing: a cluster without a lab needs --mesos and --marathon`,
      fix: 'verify --mesos http://HOST:5050 --marathon http://HOST:8080 --lb http://HOST:9090',
    });
  }
  const settings = settingsOf(specUses(line));
  const { plan } = await preparePlan(
    withSettings({ name: 'cluster' }, settings),
    locateSettings(settings, locateByKey),
  );
  const target = targetFromUrls({
    mesos: urls('mesos', mesos),
    marathon: urls('marathon', marathon),
    ...(loadBalancer === undefined ? {} : { loadBalancer: urls('lb', loadBalancer)[0] ?? '' }),
  });
  return { plan, target };
}

/** URLs with commas between them; `http://` may be left out. */
function urls(flag: string, text: string): readonly string[] {
  return text.split(',').map((each) => {
    const url = /^https?:\/\//.test(each) ? each : `http://${each}`;
    if (URL.canParse(url)) return url;
    throw new UserError({
      code: 'USAGE_FLAG_VALUE',
      message: `--${flag} does not take this value`,
      place: { kind: 'flag', flag: `--${flag}` },
      found: each,
      allowed: 'a URL, such as http://127.0.0.1:5050',
    });
  });
}

function writeJunit({ cwd, files }: Context, line: CommandLine, result: VerifyResult): void {
  const name = textOf(line, 'junit');
  if (name === undefined) return;
  explainingFailures(name, 'The results are not written', () => {
    files.writeText(resolve(cwd, name), junitXml(result), false);
  });
}
