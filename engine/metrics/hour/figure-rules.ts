import type { figureNames, SubjectKind } from '../../../protocol/hour-figures.ts';
import type { Labels } from '../../../protocol/exposition.ts';

/** What a measure is for one figure of the last hour; several of the same subject are added up. */
export interface FigureRule<Kind extends SubjectKind = SubjectKind> {
  readonly of: Kind;
  readonly figure: (typeof figureNames)[Kind][number];
  /** Only with these labels. */
  readonly where?: (labels: Labels) => boolean;
  /** Of a counter: how much it grows in this time, in seconds. Missing: it is taken as it is. */
  readonly per?: number;
  /** Only of services that have no answers by their status, as they are no HTTP. */
  readonly isWithoutHttp?: boolean;
}

type Figure<Kind extends SubjectKind> = FigureRule<Kind>['figure'];
type More = Omit<FigureRule, 'of' | 'figure'>;

const cluster = (figure: Figure<'cluster'>, more: More = {}): FigureRule => ({ of: 'cluster', figure, ...more });
const agent = (figure: Figure<'agent'>, more: More = {}): FigureRule => ({ of: 'agent', figure, ...more });
const app = (figure: Figure<'app'>, more: More = {}): FigureRule => ({ of: 'app', figure, ...more });

const has =
  (label: string, ...values: readonly string[]) =>
  (labels: Labels): boolean =>
    values.includes(labels[label] ?? '');

const perSecond = { per: 1 };
const perMinute = { per: 60 };

const failures = has('state', 'failed', 'error', 'lost', 'dropped', 'gone', 'gone_by_operator');

const ends = [
  ['tasksFinished', has('state', 'finished')],
  ['tasksKilled', has('state', 'killed')],
  ['tasksFailed', failures],
] as const;

/** Of the services that are HTTP. */
export const answersByStatus = 'haproxy_backend_http_responses_total';

const isError = has('code', '5xx');

/** Of the metrics that dashboards show (generators/grafana), by the names of their families. */
export const figureRules: ReadonlyMap<string, readonly FigureRule[]> = new Map(
  Object.entries({
    mesos_master_up: [cluster('mastersUp')],
    mesos_agent_up: [cluster('agentsUp')],
    marathon_up: [cluster('marathonsUp')],
    haproxy_up: [cluster('balancersUp')],
    mesos_master_agents_unreachable: [cluster('agentsUnreachable')],
    mesos_master_cpus_capacity: [cluster('cpusTotal')],
    mesos_master_cpus_used: [cluster('cpusAllocated')],
    mesos_master_memory_capacity_bytes: [cluster('memoryTotal')],
    mesos_master_memory_used_bytes: [cluster('memoryAllocated')],
    mesos_master_disk_capacity_bytes: [cluster('diskTotal')],
    mesos_master_disk_used_bytes: [cluster('diskAllocated')],
    mesos_master_tasks: (['Staging', 'Starting', 'Running', 'Killing', 'Unreachable'] as const).map((state) =>
      cluster(`tasks${state}`, { where: has('state', state.toLowerCase()) }),
    ),
    mesos_master_tasks_ended_total: ends.map(([figure, where]) => cluster(figure, { where, ...perMinute })),
    mesos_framework_offers_total: (['Sent', 'Accepted', 'Declined'] as const).map((outcome) =>
      cluster(`offers${outcome}`, { where: has('outcome', outcome.toLowerCase()), ...perSecond }),
    ),
    mesos_master_outstanding_offers: [cluster('offersOutstanding')],
    marathon_queue_size: [cluster('appsWaiting')],
    marathon_queue_instances: [cluster('instancesWaiting'), app('waiting')],
    mesos_agent_cpus_used_ratio: [agent('cpusShare')],
    mesos_agent_memory_used_ratio: [agent('memoryShare')],
    mesos_agent_disk_used_ratio: [agent('diskShare')],
    mesos_agent_tasks: [agent('tasksRunning', { where: has('state', 'running') })],
    mesos_agent_tasks_ended_total: ends.map(([figure, where]) => agent(figure, { where, ...perMinute })),
    mesos_container_cpu_seconds_total: [
      cluster('cpusInUse', perSecond),
      agent('cpusInUse', perSecond),
      app('cpusInUse', perSecond),
    ],
    mesos_container_memory_rss_bytes: [cluster('memoryInUse'), agent('memoryInUse'), app('memoryInUse')],
    marathon_app_instances: [app('instances')],
    marathon_app_tasks_running: [app('running')],
    marathon_app_tasks_staged: [app('staged')],
    marathon_app_tasks_healthy: [app('healthy')],
    marathon_app_tasks_unhealthy: [app('unhealthy')],
    [answersByStatus]: [
      ...[cluster('requests', perSecond), cluster('errors', { where: isError, ...perSecond })],
      ...[app('requests', perSecond), app('errors', { where: isError, ...perSecond })],
    ],
    haproxy_backend_current_sessions: [cluster('sessions'), app('sessions')],
    haproxy_backend_sessions_total: [
      cluster('requests', { isWithoutHttp: true, ...perSecond }),
      app('requests', { isWithoutHttp: true, ...perSecond }),
    ],
  }),
);
