import { quietly } from '../printing/step-reporter.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { timeoutMs } from '../apps/running-marathon.ts';
import { verifyCluster, verifySummary } from '../running/run-verify.ts';
import type { LabOfDrill } from './lab-of-drill.ts';

const say = () => undefined;
const silence = quietly({
  ...{ note: say, warn: say },
  begin: () => ({ see: say, end: say, leave: say }),
  step: (_, action) => action(say),
});

/** Whether the cluster works, which verify says. It cannot be interrupted: whoever interrupts a drill wants it healed. */
export async function prove(
  line: CommandLine,
  { lab, runtime }: LabOfDrill,
): Promise<{ readonly ok: boolean; readonly evidence: string }> {
  const { appsMs, intervalMs } = runtime.times;
  const faults: string[] = [];
  const result = await verifyCluster(lab.plan, lab.target, {
    reporter: silence,
    signal: new AbortController().signal,
    keep: false,
    startMs: timeoutMs(line, appsMs),
    intervalMs,
    onResult: ({ outcome, title, evidence }) => {
      if (outcome === 'failed') faults.push(`${title}: ${evidence}`);
    },
  });
  return { ok: result.outcome === 'passed', evidence: [verifySummary(result).trim(), ...faults].join('; ') };
}
