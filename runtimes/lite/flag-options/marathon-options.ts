import type { MarathonOptions } from '../../../engine/marathon/marathon-options.ts';
import { featuresIn } from '../../../protocol/marathon/marathon-features.ts';
import type { GivenFlags } from '../given-flags.ts';
import type { FlagOptions } from './flag-options.ts';

const servicePorts = (flags: GivenFlags) => ({
  servicePorts: { first: flags.number('local_port_min'), last: flags.number('local_port_max') },
});

const acceptedByDefault = (text: string | undefined) =>
  text === 'unreserved' || text === 'reserved' ? text : ('any' as const);

/** Options of the engine's Marathon that its flags set, wherever it runs. */
export const marathonFlagOptions: FlagOptions<
  GivenFlags,
  Pick<
    MarathonOptions,
    | 'frameworkName'
    | 'user'
    | 'envVarsPrefix'
    | 'failoverTimeoutSeconds'
    | 'taskLaunchTimeoutMs'
    | 'reconciliationIntervalMs'
    | 'maxInstancesPerOffer'
    | 'killRetryMs'
    | 'declineOfferSeconds'
    | 'servicePorts'
    | 'features'
    | 'mesosRole'
    | 'newGroupEnforceRole'
    | 'acceptedByDefault'
    | 'defaultNetworkName'
  >
> = {
  framework_name: (flags) => ({ frameworkName: flags.sure('framework_name') }),
  // Without it Marathon's tasks are run by who runs Marathon.
  mesos_user: (flags) => (flags.isGiven('mesos_user') ? { user: flags.sure('mesos_user') } : {}),
  env_vars_prefix: (flags) => ({ envVarsPrefix: flags.text('env_vars_prefix') ?? '' }),
  failover_timeout: (flags) => ({ failoverTimeoutSeconds: flags.number('failover_timeout') }),
  task_launch_timeout: (flags) => ({ taskLaunchTimeoutMs: flags.number('task_launch_timeout') }),
  reconciliation_interval: (flags) => ({ reconciliationIntervalMs: flags.number('reconciliation_interval') }),
  max_instances_per_offer: (flags) => ({ maxInstancesPerOffer: flags.number('max_instances_per_offer') }),
  kill_retry_timeout: (flags) => ({ killRetryMs: flags.number('kill_retry_timeout') }),
  // Marathon's default would keep a lab waiting for two minutes; asked for, it is taken.
  decline_offer_duration: (flags) =>
    flags.isGiven('decline_offer_duration')
      ? { declineOfferSeconds: flags.number('decline_offer_duration') / 1000 }
      : {},
  enable_features: (flags) => ({ features: featuresIn(flags.text('enable_features') ?? '') }),
  mesos_role: (flags) => ({ mesosRole: flags.sure('mesos_role') }),
  new_group_enforce_role: (flags) => ({
    newGroupEnforceRole: flags.text('new_group_enforce_role') === 'top' ? 'top' : 'off',
  }),
  accepted_resource_roles_default_behavior: (flags) => ({
    acceptedByDefault: acceptedByDefault(flags.text('accepted_resource_roles_default_behavior')),
  }),
  default_network_name: (flags) => {
    const name = flags.text('default_network_name');
    return name === undefined ? {} : { defaultNetworkName: name };
  },
  local_port_min: servicePorts,
  local_port_max: servicePorts,
};
