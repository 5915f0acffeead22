import type { StartOptions } from '../../runtimes/cluster-runtime.ts';
import type { Reporter } from '../../runtimes/reporter.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** Runs the steps, and keeps what is told. */
export function recordingReporter(): Reporter & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    step: ({ title }, action) => {
      told.push(title);
      return action((text) => told.push(`  ${text}`));
    },
    note: (text) => told.push(text),
    warn: (text) => told.push(`! ${text}`),
  };
}

/** What a start is usually asked. */
export function startOptions(plan: Plan, more: Partial<StartOptions> = {}): StartOptions {
  const { signal } = new AbortController();
  return {
    plan,
    settings: [],
    timeoutMs: 5000,
    force: false,
    retain: false,
    tell: recordingReporter(),
    signal,
    ...more,
  };
}
