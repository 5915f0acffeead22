import { formatDuration } from '../../protocol/duration-units.ts';
import type { LabFacts, SettingsContext } from './component.ts';

/** Time-outs of `timing: fast`: a lost agent is noticed after 3 x 3 s, a lost master after 6 s. */
export const fastTiming = { agentPingTimeoutMs: 3000, maxAgentPingTimeouts: 3, sessionTimeoutMs: 6000 } as const;

/** How long an agent is silent in a fast lab until it is lost. */
export const fastSilenceMs = fastTiming.agentPingTimeoutMs * fastTiming.maxAgentPingTimeouts;

/** Value and reason of a setting that only fast labs have. */
export const inFastLabs = (fast: string | number, standard: string | number) => ({
  value: ({ timing }: SettingsContext) => (timing === 'fast' ? fast : undefined),
  why: ({ timing }: LabFacts) =>
    timing === 'fast'
      ? `timing: fast. Mesos's own value is ${standard}; a workshop does not want to wait that long.`
      : `Not set: Mesos's own value, ${standard}, holds. \`timing: fast\` shortens it.`,
});

/** The same of a duration, as Mesos writes it. */
export const fasterInFastLabs = (fastMs: number, standardMs: number) =>
  inFastLabs(formatDuration(fastMs), formatDuration(standardMs));
