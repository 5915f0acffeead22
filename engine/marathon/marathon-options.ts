import { marathonDefaults, sessionTimeoutMs } from '../../protocol/mesos-defaults.ts';
import type { EngineWorld } from '../component.ts';
import type { Discovery } from '../discovery/discovery.ts';
import type { RecordStore } from '../framework/storage/record-store.ts';
import { defaultRole, type AcceptedByDefault, type NewGroupEnforceRole } from './apps/roles.ts';

export interface MarathonOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** As Marathon calls itself: in `/v2/leader`, to the master, and in the `Host` headers that it takes. */
  readonly hostname: string;
  /** Who knows the leading master. */
  readonly masters: Discovery;
  /** The group of Marathons, one of which leads. */
  readonly election: Discovery;
  /** For /v2/info only: `zk://host:2181/mesos` or the URL of a master. */
  readonly master?: string;
  /** For /v2/info only: `zk://host:2181/marathon`. */
  readonly zk?: string;
  /** For /v2/info only: that of the sessions behind `masters` and `election`. */
  readonly zkSessionTimeoutMs?: number;
  readonly frameworkName?: string;
  /** Who runs the tasks (`mesos_user`). */
  readonly user?: string;
  /** `env_vars_prefix`: of the variables that tell a task its host and its ports. */
  readonly envVarsPrefix?: string;
  /** `enable_features`; of those only `secrets` means something. */
  readonly features?: readonly string[];
  /** `mesos_role`: of services that name none. */
  readonly mesosRole?: string;
  /** `new_group_enforce_role` */
  readonly newGroupEnforceRole?: NewGroupEnforceRole;
  /** `accepted_resource_roles_default_behavior`: of services that do not say whose resources they take. */
  readonly acceptedByDefault?: AcceptedByDefault;
  /** `default_network_name`: of container networks without a name. */
  readonly defaultNetworkName?: string;
  /** How long the master keeps the tasks of a Marathon that is gone. */
  readonly failoverTimeoutSeconds?: number;
  /** `local_port_min` and `local_port_max`. */
  readonly servicePorts?: { readonly first: number; readonly last: number };
  /** A task that has not started by then is killed. */
  readonly taskLaunchTimeoutMs?: number;
  readonly reconciliationIntervalMs?: number;
  readonly maxInstancesPerOffer?: number;
  /** Offers that arrive within this time are looked at together, so that instances spread. */
  readonly offerBatchMs?: number;
  /** How long a refused offer stays refused, unless Marathon asks for it. */
  readonly declineOfferSeconds?: number;
  /** A KILL that shows no effect is repeated. */
  readonly killRetryMs?: number;
}

export interface MarathonWorld extends EngineWorld {
  readonly store: RecordStore;
  /** Milliseconds since 1970; tests give other clocks. */
  readonly clock?: () => number;
}

type WithoutDefault = 'master' | 'zk' | 'defaultNetworkName';

export type MarathonSettings = Required<Omit<MarathonOptions, WithoutDefault>> & Pick<MarathonOptions, WithoutDefault>;

/** What of them decides about definitions of apps and pods. */
export type DefinitionSettings = Partial<Pick<MarathonSettings, 'features' | 'mesosRole' | 'defaultNetworkName'>>;

/** The defaults are Marathon 1.10's, but for offers: a lab of few agents wants an answer at once. */
export const withDefaults = (options: MarathonOptions): MarathonSettings => ({
  frameworkName: 'marathon',
  user: 'root',
  envVarsPrefix: '',
  features: [],
  mesosRole: defaultRole,
  newGroupEnforceRole: 'off',
  acceptedByDefault: 'any',
  ...marathonDefaults,
  zkSessionTimeoutMs: sessionTimeoutMs,
  offerBatchMs: 25,
  declineOfferSeconds: 5,
  ...options,
});
