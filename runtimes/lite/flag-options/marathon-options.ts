import type { MarathonOptions } from '../../../engine/marathon/marathon-options.ts';
import { featuresIn } from '../../../protocol/marathon/marathon-features.ts';
import type { GivenFlags } from '../given-flags.ts';
import type { FlagOptions } from './flag-options.ts';

const servicePorts = (flags: GivenFlags) => ({
  servicePorts: { first: flags.number('local_port_min'), last: flags.number('local_port_max') },
});

/** Options of the engine's Marathon that its flags set, wherever it runs. */
export const marathonFlagOptions: FlagOptions<
  GivenFlags,
  Pick<
    MarathonOptions,
    | 'frameworkName'
    | 'user'
    | 'failoverTimeoutSeconds'
    | 'taskLaunchTimeoutMs'
    | 'reconciliationIntervalMs'
    | 'maxInstancesPerOffer'
    | 'killRetryMs'
    | 'declineOfferSeconds'
    | 'servicePorts'
    | 'features'
  >
> = {
  framework_name: (flags) => ({ frameworkName: flags.sure('framework_name') }),
  // Without it Marathon's tasks are run by who runs Marathon.
  mesos_user: (flags) => (flags.isGiven('mesos_user') ? { user: flags.sure('mesos_user') } : {}),
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
  local_port_min: servicePorts,
  local_port_max: servicePorts,
};
