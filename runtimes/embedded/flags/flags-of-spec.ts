import type { MarathonOptions } from '../../../engine/marathon/marathon-options.ts';
import type { MasterOptions } from '../../../engine/master/master-options.ts';
import type { Role } from '../../../planning/catalogue/roles.ts';
import type { Plan, PlannedComponent } from '../../../planning/plan/plan.ts';
import { durationMs } from '../../../protocol/duration-units.ts';
import { withoutEffect } from '../../lite/without-effect.ts';

/** What flags of Marathon in the spec ask of the engine's; without one of them it has the engine's default. */
export type MarathonFlags = Pick<
  MarathonOptions,
  | 'frameworkName'
  | 'failoverTimeoutSeconds'
  | 'taskLaunchTimeoutMs'
  | 'reconciliationIntervalMs'
  | 'maxInstancesPerOffer'
  | 'killRetryMs'
  | 'declineOfferSeconds'
>;

/** The same of mesos-master, but for the pings of agents. */
export type MasterFlags = Pick<
  MasterOptions,
  | 'agentReregisterTimeoutMs'
  | 'offerTimeoutMs'
  | 'allocationIntervalMs'
  | 'maxCompletedFrameworks'
  | 'maxCompletedTasks'
>;

const understood: Partial<Readonly<Record<Role, ReadonlySet<string>>>> = {
  'mesos-master': new Set([
    ...['agent_ping_timeout', 'slave_ping_timeout', 'max_agent_ping_timeouts', 'max_slave_ping_timeouts'],
    ...['agent_reregister_timeout', 'slave_reregister_timeout', 'offer_timeout', 'allocation_interval'],
    ...['max_completed_frameworks', 'max_completed_tasks_per_framework'],
  ]),
  'mesos-agent': new Set(['recovery_timeout', 'executor_registration_timeout']),
  marathon: new Set([
    ...['framework_name', 'failover_timeout', 'task_launch_timeout', 'reconciliation_interval'],
    ...['max_instances_per_offer', 'kill_retry_timeout', 'decline_offer_duration'],
  ]),
};

/** Flags that the spec has for a component. */
function flagsOf({ environment }: PlannedComponent): ReadonlyMap<string, string> {
  const given = environment.filter(({ origin }) => origin === 'spec');
  return new Map(given.map(({ name, value }) => [name.replace(/^(?:MESOS|MARATHON)_/, '').toLowerCase(), value]));
}

type Values = Readonly<Record<string, number | string | undefined>>;

/** Those of the values that are there. */
const defined = <Options>(values: { readonly [Name in keyof Options]-?: Options[Name] | undefined } & Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Options;

/** The flags are checked by then: what is a number in the flag tables is one. */
const readerOf = (component: PlannedComponent) => {
  const flags = flagsOf(component);
  return {
    text: (name: string) => flags.get(name),
    number: (name: string, unit = 1) => (flags.has(name) ? Number(flags.get(name)) / unit : undefined),
    duration: (name: string) => durationMs(flags.get(name) ?? ''),
  };
};

export function marathonFlags(component: PlannedComponent): MarathonFlags {
  const { text, number } = readerOf(component);
  return defined<MarathonFlags>({
    frameworkName: text('framework_name'),
    failoverTimeoutSeconds: number('failover_timeout'),
    taskLaunchTimeoutMs: number('task_launch_timeout'),
    reconciliationIntervalMs: number('reconciliation_interval'),
    maxInstancesPerOffer: number('max_instances_per_offer'),
    killRetryMs: number('kill_retry_timeout'),
    declineOfferSeconds: number('decline_offer_duration', 1000),
  });
}

export function masterFlags(component: PlannedComponent): MasterFlags {
  const { number, duration } = readerOf(component);
  return defined<MasterFlags>({
    agentReregisterTimeoutMs: duration('agent_reregister_timeout') ?? duration('slave_reregister_timeout'),
    offerTimeoutMs: duration('offer_timeout'),
    allocationIntervalMs: duration('allocation_interval'),
    maxCompletedFrameworks: number('max_completed_frameworks'),
    maxCompletedTasks: number('max_completed_tasks_per_framework'),
  });
}

/** Flags of the spec that change nothing here and would elsewhere: `marathon mesos_role`. */
export function flagsWithoutEffect(plan: Plan): readonly string[] {
  const named = plan.nodes.flatMap(({ components }) =>
    components.flatMap((component) => {
      const known = understood[component.role];
      if (known === undefined) return [];
      const flags = flagsOf(component);
      return withoutEffect([...flags.keys()], known, (name) => flags.get(name)).map(
        (name) => `${component.role} ${name}`,
      );
    }),
  );
  return [...new Set(named)];
}
