import { jsonAnswer, textAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import { ApiError, notValid } from '../marathon-error.ts';
import type { ApiContext } from './api-context.ts';
import { metricsRoutes } from './metrics/metrics-routes.ts';

/** The Marathon whose API this is. */
const marathonVersion = '1.10.26';

const noLeader = () => new ApiError(404, { message: 'There is no leader' });

/** What every Marathon answers itself, leader or not: /ping and its metrics. */
export const localRoutes = (context: ApiContext): readonly Route[] => [
  route('GET', '/ping', (request) => {
    const isJson = request.headers.accept?.includes('application/json') === true;
    return isJson ? jsonAnswer(200, 'pong') : textAnswer(200, 'pong');
  }),
  ...metricsRoutes(context),
];

/** /v2/info, /v2/leader and /v2/plugins (InfoResource.scala, LeaderResource.scala and PluginsResource.scala of Marathon). */
export const infoRoutes = (context: ApiContext): readonly Route[] => [
  // There are none.
  route('GET', '/v2/plugins', () => jsonAnswer(200, { plugins: [] })),
  route('GET', '/v2/info', () => jsonAnswer(200, info(context))),
  route('GET', '/v2/leader', () => {
    const leader = context.leaderHostPort();
    if (leader === undefined) throw noLeader();
    return jsonAnswer(200, { leader });
  }),
  route('DELETE', '/v2/leader', ({ query }) => {
    if (context.ownLeader() === undefined) throw noLeader();
    const unserved = ['backup', 'restore'].filter((name) => query.has(name));
    const error = 'is not supported by the Marathon of the embedded cluster: leave it out';
    if (unserved.length > 0) throw notValid(unserved.map((name) => ({ path: `/${name}`, error })));
    context.abdicate();
    return jsonAnswer(200, { message: 'Leadership abdicated' });
  }),
];

function info(context: ApiContext): object {
  const { settings } = context;
  const own = context.ownLeader();
  return {
    name: settings.frameworkName,
    version: marathonVersion,
    buildref: 'create-mesos-cluster',
    elected: own !== undefined,
    leader: context.leaderHostPort(),
    frameworkId: own?.frameworkId(),
    marathon_config: {
      checkpoint: true,
      decline_offer_duration: settings.declineOfferSeconds * 1000,
      ...(settings.defaultNetworkName === undefined ? {} : { default_network_name: settings.defaultNetworkName }),
      ...(settings.envVarsPrefix === '' ? {} : { env_vars_prefix: settings.envVarsPrefix }),
      executor: '//cmd',
      failover_timeout: settings.failoverTimeoutSeconds,
      features: settings.features,
      framework_name: settings.frameworkName,
      ha: true,
      hostname: settings.hostname,
      leader_proxy_connection_timeout_ms: 5000,
      leader_proxy_read_timeout_ms: 10_000,
      local_port_min: settings.servicePorts.first,
      local_port_max: settings.servicePorts.last,
      master: settings.master,
      max_instances_per_offer: settings.maxInstancesPerOffer,
      mesos_user: settings.user,
      mesos_role: settings.mesosRole,
      mesos_heartbeat_failure_threshold: 5,
      mesos_heartbeat_interval: 15_000,
      new_group_enforce_role: settings.newGroupEnforceRole,
      reconciliation_interval: settings.reconciliationIntervalMs,
      task_launch_timeout: settings.taskLaunchTimeoutMs,
      task_launch_confirm_timeout: settings.taskLaunchTimeoutMs,
      task_lost_expunge_initial_delay: 300_000,
      task_lost_expunge_interval: 30_000,
      task_reservation_timeout: 20_000,
      webui_url: context.url,
    },
    zookeeper_config: {
      zk: settings.zk ?? '',
      zk_compression: true,
      zk_compression_threshold: 65_536,
      zk_connection_timeout: 10_000,
      zk_max_node_size: 1_024_000,
      zk_max_versions: 50,
      zk_session_timeout: settings.zkSessionTimeoutMs,
      zk_timeout: 10_000,
    },
    http_config: { http_port: Number(new URL(context.url).port), https_port: 0 },
  };
}
