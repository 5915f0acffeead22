import type { TaskState } from '../../../protocol/mesos.ts';
import { allocationOf } from '../allocations.ts';
import type { ClusterState } from '../cluster-state.ts';
import { scalarOf } from '../resources.ts';
import { quotaMetrics } from '../quota/quota-metrics.ts';
import { isActive } from './view-agent.ts';
import { frameworksByRole } from './view-state.ts';
import type { MasterSettings } from '../master-options.ts';
import type { FrameworkRecord } from '../records.ts';
import type { Term } from '../term.ts';

type Metrics = Record<string, number>;

/** Counters that are there from the start (docs/monitoring.md of Apache Mesos); `ClusterState.counts` has their names. */
const counters = [
  ...['dropped_messages', 'http_cache_hits', 'invalid_executor_to_framework_messages'],
  ...['invalid_framework_to_executor_messages', 'invalid_status_update_acknowledgements', 'invalid_status_updates'],
  ...['messages_authenticate', 'messages_deactivate_framework', 'messages_decline_offers'],
  ...['messages_executor_to_framework', 'messages_exited_executor', 'messages_framework_to_executor'],
  ...['messages_kill_task', 'messages_launch_tasks', 'messages_operation_status_update'],
  ...['messages_operation_status_update_acknowledgement', 'messages_reconcile_operations', 'messages_reconcile_tasks'],
  ...['messages_register_framework', 'messages_register_slave', 'messages_reregister_framework'],
  ...['messages_reregister_slave', 'messages_resource_request', 'messages_revive_offers', 'messages_status_update'],
  ...['messages_status_update_acknowledgement', 'messages_suppress_offers', 'messages_unregister_framework'],
  ...['messages_unregister_slave', 'messages_update_slave'],
  ...['recovery_slave_removals', 'slave_registrations', 'slave_removals', 'slave_removals/reason_registered'],
  ...['slave_removals/reason_unhealthy', 'slave_removals/reason_unregistered', 'slave_reregistrations'],
  ...['slave_shutdowns_canceled', 'slave_shutdowns_completed', 'slave_shutdowns_scheduled'],
  ...['slave_unreachable_canceled', 'slave_unreachable_completed', 'slave_unreachable_scheduled'],
  ...['tasks_dropped', 'tasks_error', 'tasks_failed', 'tasks_finished', 'tasks_gone', 'tasks_gone_by_operator'],
  ...['tasks_killed', 'tasks_lost', 'valid_executor_to_framework_messages', 'valid_framework_to_executor_messages'],
  ...['valid_status_update_acknowledgements', 'valid_status_updates'],
];

const activeStates = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'] as const;
const terminal = [
  ...['TASK_DROPPED', 'TASK_ERROR', 'TASK_FAILED', 'TASK_FINISHED', 'TASK_GONE', 'TASK_GONE_BY_OPERATOR'],
  ...['TASK_KILLED', 'TASK_LOST'],
];
const calls = [
  ...['accept', 'accept_inverse_offers', 'acknowledge', 'acknowledge_operation_status', 'decline'],
  ...['decline_inverse_offers', 'kill', 'message', 'reconcile', 'reconcile_operations', 'request', 'revive'],
  ...['shutdown', 'subscribe', 'suppress', 'teardown', 'update_framework'],
];
const operations = [
  ...['create', 'create_disk', 'destroy', 'destroy_disk', 'grow_volume', 'launch', 'launch_group', 'reserve'],
  ...['shrink_volume', 'unreserve'],
];
const events = [
  'error',
  'failure',
  'heartbeat',
  'inverse_offers',
  'message',
  'offers',
  'rescind',
  'rescind_inverse_offer',
  'subscribed',
  'update',
  'update_operation_status',
];
const offers = ['accepted', 'declined', 'rescinded', 'sent'];

/** `/metrics/snapshot`; a standby master counts nothing. */
export function toMetrics(settings: MasterSettings, term: Term | undefined): Readonly<Metrics> {
  const cluster = term?.cluster;
  const metrics: Metrics = {
    'master/elected': term === undefined ? 0 : 1,
    'master/uptime_secs': (settings.now() - settings.startTime) / 1000,
    'registrar/log/recovered': term === undefined ? 0 : 1,
    'registrar/log/ensemble_size': term?.registrar.masters ?? 0,
    'registrar/queued_operations': term?.registrar.queued ?? 0,
    ...term?.allocator.runs.metrics('allocator/mesos/allocation_run_ms'),
    ...term?.allocator.latencies.metrics('allocator/mesos/allocation_run_latency_ms'),
    'allocator/mesos/allocation_runs': cluster?.counts.get('allocation_runs') ?? 0,
    'master/operator_event_stream_subscribers': term?.operators.size ?? 0,
    'master/outstanding_offers': cluster?.offers.size ?? 0,
    'master/slaves_unreachable': cluster?.unreachableAgents.size ?? 0,
  };
  for (const name of counters) metrics[`master/${name}`] = cluster?.counts.get(name) ?? 0;
  for (const [name, count] of cluster?.counts ?? []) if (name.startsWith('task_')) metrics[`master/${name}`] = count;
  addParties(metrics, cluster);
  addResources(metrics, cluster);
  for (const framework of cluster?.frameworks.values() ?? []) addFramework(metrics, framework);
  if (cluster !== undefined) Object.assign(metrics, roleMetrics(cluster, settings.now()));
  if (term !== undefined) Object.assign(metrics, quotaMetrics(term));
  Object.assign(metrics, settings.systemMetrics());
  return Object.fromEntries(Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the allocator tells of each role: refused offers that hold, and its share. */
function roleMetrics(cluster: ClusterState, now: number): Readonly<Metrics> {
  const metrics: Metrics = {};
  for (const [role, members] of frameworksByRole(cluster)) {
    const prefix = 'allocator/mesos';
    const filters = members.flatMap((framework) => [...framework.filters.values()].flat());
    metrics[`${prefix}/offer_filters/roles/${role}/active`] = filters.filter(
      (filter) => filter.role === role && filter.until > now,
    ).length;
    const shareOf = (name: string) => {
      const total = cluster.sums.of('total', name);
      const parts = members.map((framework) => allocationOf(framework, role));
      const amount = parts.reduce((sum, { used, offered }) => sum + scalarOf(used, name) + scalarOf(offered, name), 0);
      return total === 0 ? 0 : amount / total;
    };
    metrics[`${prefix}/roles/${role}/shares/dominant`] = Math.max(shareOf('cpus'), shareOf('mem'));
  }
  return metrics;
}

function addParties(metrics: Metrics, cluster: ClusterState | undefined): void {
  const frameworks = [...(cluster?.frameworks.values() ?? [])];
  const connectedAgents = [...(cluster?.connectedAgents ?? [])];
  const connectedFrameworks = frameworks.filter(({ stream }) => stream !== undefined).length;
  for (const [name, all, connected, active] of [
    ['slaves', cluster?.agents.size ?? 0, connectedAgents.length, connectedAgents.filter(isActive).length],
    ['frameworks', frameworks.length, connectedFrameworks, connectedFrameworks],
  ] as const) {
    metrics[`master/${name}_active`] = active;
    metrics[`master/${name}_connected`] = connected;
    metrics[`master/${name}_disconnected`] = all - connected;
    metrics[`master/${name}_inactive`] = all - active;
  }
  for (const state of activeStates) {
    metrics[`master/${taskMetric(state)}`] = frameworks.reduce((sum, each) => sum + tasksIn(each, state), 0);
  }
  metrics['master/tasks_unreachable'] = frameworks.reduce((sum, each) => sum + each.unreachableTasks.size, 0);
}

const taskMetric = (state: string) => `tasks_${state.slice('TASK_'.length).toLowerCase()}`;

const tasksIn = ({ taskStates }: FrameworkRecord, state: TaskState) => taskStates.get(state) ?? 0;

function addResources(metrics: Metrics, cluster: ClusterState | undefined): void {
  for (const name of ['cpus', 'disk', 'gpus', 'mem']) {
    const total = cluster?.sums.of('total', name) ?? 0;
    const used = cluster?.sums.of('used', name) ?? 0;
    metrics[`master/${name}_total`] = total;
    metrics[`master/${name}_used`] = used;
    metrics[`master/${name}_percent`] = total === 0 ? 0 : used / total;
    for (const figure of ['total', 'used', 'percent']) metrics[`master/${name}_revocable_${figure}`] = 0;
    if (name === 'gpus') continue;
    const offered = cluster?.sums.of('offered', name) ?? 0;
    metrics[`allocator/mesos/resources/${name}/total`] = total;
    // In thousandths there is nothing to round.
    metrics[`allocator/mesos/resources/${name}/offered_or_allocated`] = Math.round((used + offered) * 1000) / 1000;
  }
}

function addFramework(metrics: Metrics, framework: FrameworkRecord): void {
  const prefix = `master/frameworks/${encodeURIComponent(framework.info.name)}/${framework.id}`;
  const { counts } = framework;
  for (const [group, names] of Object.entries({ calls, events, offers })) {
    if (group !== 'offers') metrics[`${prefix}/${group}`] = counts.get(group) ?? 0;
    for (const name of names) metrics[`${prefix}/${group}/${name}`] = counts.get(`${group}/${name}`) ?? 0;
  }
  metrics[`${prefix}/operations`] = counts.get('operations') ?? 0;
  for (const name of operations) metrics[`${prefix}/operations/${name}`] = counts.get(`operations/${name}`) ?? 0;
  metrics[`${prefix}/subscribed`] = framework.stream === undefined ? 0 : 1;
  for (const role of framework.roles) {
    metrics[`${prefix}/roles/${role}/suppressed`] = framework.suppressedRoles.has(role) ? 1 : 0;
  }
  for (const state of activeStates) {
    metrics[`${prefix}/tasks/active/${state.toLowerCase()}`] = tasksIn(framework, state);
  }
  metrics[`${prefix}/tasks/active/task_unreachable`] = framework.unreachableTasks.size;
  metrics[`${prefix}/tasks/active/task_unknown`] = 0;
  const { principal } = framework.info;
  // Of libprocess: frameworks that speak HTTP send none.
  if (principal !== undefined) {
    for (const name of ['messages_processed', 'messages_received']) metrics[`frameworks/${principal}/${name}`] = 0;
  }
  for (const state of terminal) metrics[`${prefix}/tasks/terminal/${state.toLowerCase()}`] = counts.get(state) ?? 0;
}
