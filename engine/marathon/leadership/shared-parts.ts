import type { App, TaskFailure } from '../../../protocol/marathon.ts';
import type { AppRepository } from '../apps/app-repository.ts';
import type { EventBus } from '../event-bus.ts';
import type { MarathonSettings } from '../marathon-options.ts';
import type { Releases } from '../residency/releases.ts';
import type { Touched } from '../deployments/touched.ts';
import type { Instances } from '../scheduling/instance-index.ts';
import type { ServedRoles } from '../scheduler-api/served-roles.ts';
import type { LaunchDelays } from '../scheduling/launch-delays.ts';
import type { SchedulerCall } from '../../framework/scheduler-api/scheduler-call.ts';
import type { StateStore } from '../../framework/storage/state-store.ts';
import type { Timestamps } from '../timestamps.ts';

/** What the parts of a leading Marathon share. */
export interface SharedParts {
  readonly settings: MarathonSettings;
  readonly log: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly timestamps: Timestamps;
  readonly apps: AppRepository;
  readonly instances: Instances;
  readonly delays: LaunchDelays;
  readonly events: EventBus;
  readonly store: StateStore;
  /** The last failure of each app. */
  readonly failures: Map<string, TaskFailure>;
  readonly roles: ServedRoles;
  /** What is reserved for instances that are no more. */
  readonly releases: Releases;
  /** A call to the master; false when it was not taken. */
  readonly call: (call: SchedulerCall) => Promise<boolean>;
  /** Apps and instances that have changed. */
  readonly touched: Touched;
  /** Something else has changed: what must be done is worked out again, soon. */
  readonly wake: () => void;
}

/** The definition that a task was started with; the present one if that is no longer known. */
export function definitionOf(shared: SharedParts, appId: string, version: string): App | undefined {
  return shared.apps.version(appId, version) ?? shared.apps.get(appId);
}
