import type { Family, Labels, Measure } from '../../../protocol/exposition.ts';

/** What a name of Mesos's is for Prometheus. */
export interface Derived {
  readonly family: Family;
  readonly labels: Labels;
  /** To the base unit. */
  readonly factor: number;
  readonly suffix?: Measure['suffix'];
}

interface Meaning extends Pick<Family, 'name' | 'kind'> {
  readonly labels?: Labels;
  readonly factor?: number;
  readonly suffix?: Measure['suffix'];
}

type Parts = Readonly<Record<string, string>>;
type Rule = readonly [pattern: RegExp, meaning: (parts: Parts) => Meaning];

const megabyte = 1024 * 1024;

const ownerOf = ({ owner = '' }: Parts) => (owner === 'slave' ? 'agent' : owner);

const gauge = (name: string, labels: Labels = {}, factor = 1): Meaning => ({ name, kind: 'gauge', labels, factor });
const counter = (name: string, labels: Labels = {}): Meaning => ({ name: `${name}_total`, kind: 'counter', labels });

/** `_total` is for counters alone: what there is of a resource is its capacity. */
const amounts: Parts = { total: 'capacity', used: 'used', percent: 'used_ratio' };

function resource(prefix: string, name: string, amount: string, labels: Labels = {}): Meaning {
  const isBytes = (name === 'mem' || name === 'disk') && !amount.endsWith('ratio');
  const plain = `${prefix}_${name === 'mem' ? 'memory' : name}_${amount}`;
  return isBytes ? gauge(`${plain}_bytes`, labels, megabyte) : gauge(plain, labels);
}

const quantiles: Parts = { p50: '0.5', p90: '0.9', p95: '0.95', p99: '0.99', p999: '0.999', p9999: '0.9999' };

/** A timer of libprocess: the last duration, and those of the time behind. */
function timer({ path = '', part }: Parts): Meaning {
  const name = `mesos_${path.replaceAll('/', '_').replace('allocator_mesos_', 'allocator_')}`;
  const quantile = quantiles[part ?? ''];
  if (quantile !== undefined) {
    return { name: `${name}_seconds`, kind: 'summary', labels: { quantile }, factor: 0.001 };
  }
  if (part === 'count') return { name: `${name}_seconds`, kind: 'summary', suffix: '_count' };
  return gauge(`${name}_${part ?? 'last'}_seconds`, {}, 0.001);
}

const framework = ({ name = '', id = '' }: Parts): Labels => ({ framework: decoded(name), framework_id: id });

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const inFramework = (rest: string) => new RegExp(`^master/frameworks/(?<name>[^/]+)/(?<id>[^/]+)/${rest}$`);

const ofFrameworks: readonly Rule[] = [
  [inFramework('subscribed'), (parts) => gauge('mesos_framework_subscribed', framework(parts))],
  [
    inFramework('tasks/active/task_(?<state>\\w+)'),
    (parts) => gauge('mesos_framework_tasks', { ...framework(parts), state: parts['state'] ?? '' }),
  ],
  [
    inFramework('tasks/terminal/task_(?<state>\\w+)'),
    (parts) => counter('mesos_framework_tasks_ended', { ...framework(parts), state: parts['state'] ?? '' }),
  ],
  [
    inFramework('offers/(?<outcome>\\w+)'),
    (parts) => counter('mesos_framework_offers', { ...framework(parts), outcome: parts['outcome'] ?? '' }),
  ],
  [
    inFramework('roles/(?<role>.+)/suppressed'),
    (parts) => gauge('mesos_framework_role_suppressed', { ...framework(parts), role: parts['role'] ?? '' }),
  ],
  // Their sum is that of the kinds.
  [
    inFramework('(?<all>calls|events|operations)'),
    (parts) => counter(`mesos_framework_all_${parts['all']}`, framework(parts)),
  ],
  [
    inFramework('(?<group>calls|events|operations)/(?<kind>\\w+)'),
    (parts) =>
      counter(`mesos_framework_${parts['group']}`, {
        ...framework(parts),
        [(parts['group'] ?? '').slice(0, -1)]: parts['kind'] ?? '',
      }),
  ],
  [
    /^frameworks\/(?<principal>[^/]+)\/messages_(?<step>received|processed)$/,
    (parts) => counter(`mesos_framework_messages_${parts['step']}`, { principal: decoded(parts['principal'] ?? '') }),
  ],
];

const ofAllocator: readonly Rule[] = [
  [/^allocator\/mesos\/allocation_runs$/, () => counter('mesos_allocator_allocation_runs')],
  [/^allocator\/(?:mesos\/)?event_queue_dispatches$/, () => gauge('mesos_allocator_event_queue_dispatches')],
  [
    /^allocator\/mesos\/offer_filters\/roles\/(?<role>.+)\/active$/,
    ({ role = '' }) => gauge('mesos_allocator_offer_filters_active', { role }),
  ],
  [
    /^allocator\/mesos\/roles\/(?<role>.+)\/shares\/dominant$/,
    ({ role = '' }) => gauge('mesos_allocator_role_dominant_share_ratio', { role }),
  ],
  [
    /^allocator\/mesos\/quota\/roles\/(?<role>.+)\/resources\/(?<resource>[^/]+)\/(?<amount>\w+)$/,
    ({ role = '', resource: name = '', amount = '' }) => resource('mesos_allocator_quota', name, amount, { role }),
  ],
  [
    /^allocator\/mesos\/resources\/(?<resource>[^/]+)\/(?<amount>total|offered_or_allocated)$/,
    ({ resource: name = '', amount = '' }) => resource('mesos_allocator', name, amounts[amount] ?? amount),
  ],
];

const ofMachine: readonly Rule[] = [
  [/^system\/load_(?<minutes>1|5|15)min$/, ({ minutes }) => gauge(`mesos_system_load${minutes}`)],
  [/^system\/cpus_total$/, () => gauge('mesos_system_cpus')],
  [/^system\/mem_free_bytes$/, () => gauge('mesos_system_memory_free_bytes')],
  [/^system\/mem_total_bytes$/, () => gauge('mesos_system_memory_capacity_bytes')],
];

const ofOwners: readonly Rule[] = [
  [/^(?<owner>master|slave)\/uptime_secs$/, (parts) => gauge(`mesos_${ownerOf(parts)}_uptime_seconds`)],
  [
    /^(?<owner>master|slave)\/(?<resource>cpus|gpus|mem|disk)(?<revocable>_revocable)?_(?<amount>total|used|percent)$/,
    (parts) => {
      const prefix = `mesos_${ownerOf(parts)}${parts['revocable'] ?? ''}`;
      return resource(prefix, parts['resource'] ?? '', amounts[parts['amount'] ?? ''] ?? '');
    },
  ],
  [
    /^(?<owner>master|slave)\/tasks_(?<state>staging|starting|running|killing|unreachable)$/,
    (parts) => gauge(`mesos_${ownerOf(parts)}_tasks`, { state: parts['state'] ?? '' }),
  ],
  [
    /^(?<owner>master|slave)\/tasks_(?<state>error|failed|finished|killed|lost|dropped|gone|gone_by_operator)$/,
    (parts) => counter(`mesos_${ownerOf(parts)}_tasks_ended`, { state: parts['state'] ?? '' }),
  ],
  [
    /^(?<owner>master|slave)\/task_(?<state>[a-z_]+)\/source_(?<source>[a-z]+)\/reason_(?<reason>[a-z_]+)$/,
    (parts) => {
      const { state = '', source = '', reason = '' } = parts;
      return counter(`mesos_${ownerOf(parts)}_task_reasons`, { state, source, reason });
    },
  ],
  [
    /^(?<owner>master|slave)\/executors_(?<state>registering|running|terminating)$/,
    (parts) => gauge(`mesos_${ownerOf(parts)}_executors`, { state: parts['state'] ?? '' }),
  ],
  [
    /^(?<owner>master|slave)\/executors_(?<end>terminated|preempted)$/,
    (parts) => counter(`mesos_${ownerOf(parts)}_executors_${parts['end']}`),
  ],
  [
    /^master\/(?<party>slaves|frameworks)_(?<state>active|connected|disconnected|inactive|unreachable)$/,
    ({ party, state }) => gauge(`mesos_master_${party === 'slaves' ? 'agents' : 'frameworks'}_${state}`),
  ],
  [/^slave\/frameworks_active$/, () => gauge('mesos_agent_frameworks_active')],
  [
    /^(?<owner>master|slave)\/messages_(?<message>\w+)$/,
    (parts) => counter(`mesos_${ownerOf(parts)}_messages`, { message: parts['message'] ?? '' }),
  ],
  [
    /^master\/slave_removals\/reason_(?<reason>\w+)$/,
    ({ reason = '' }) => counter('mesos_master_agent_removal_reasons', { reason }),
  ],
  [
    /^master\/(?:(?<recovery>recovery)_)?slave_(?<event>registrations|removals|reregistrations)$/,
    ({ recovery, event }) => counter(`mesos_master_${recovery === undefined ? '' : 'recovery_'}agent_${event}`),
  ],
  [
    /^master\/slave_(?<event>shutdowns|unreachable)_(?<step>scheduled|completed|canceled)$/,
    ({ event, step = '' }) => counter(`mesos_master_agent_${event}`, { step }),
  ],
  [
    /^(?<owner>master|slave)\/(?<what>(?:in)?valid_\w+|dropped_messages|http_cache_hits|container_launch_errors|recovery_errors)$/,
    (parts) => counter(`mesos_${ownerOf(parts)}_${parts['what']}`),
  ],
  [
    /^slave\/executor_directory_max_allowed_age_secs$/,
    () => gauge('mesos_agent_executor_directory_max_allowed_age_seconds'),
  ],
  [/^(?<owner>master|slave)\/recovery_time_secs$/, (parts) => gauge(`mesos_${ownerOf(parts)}_recovery_time_seconds`)],
  [
    /^(?<owner>master|slave)\/(?<what>elected|registered|outstanding_offers|operator_event_stream_subscribers|event_queue_\w+)$/,
    (parts) => gauge(`mesos_${ownerOf(parts)}_${parts['what']}`),
  ],
  [/^registrar\/(?<what>queued_operations|registry_size_bytes)$/, ({ what }) => gauge(`mesos_registrar_${what}`)],
  [/^registrar\/log\/(?<what>recovered|ensemble_size)$/, ({ what }) => gauge(`mesos_registrar_log_${what}`)],
  [
    /^containerizer\/fetcher\/cache_size_(?<amount>total|used)_bytes$/,
    ({ amount = '' }) => gauge(`mesos_containerizer_fetcher_cache_${amounts[amount] ?? ''}_bytes`),
  ],
  [
    /^containerizer\/(?<what>.+(?:_errors|_failed|_succeeded))$/,
    ({ what = '' }) => counter(`mesos_containerizer_${what.replaceAll('/', '_')}`),
  ],
];

/** The names of docs/monitoring.md of Mesos 1.11, in groups; the first rule that fits is taken. */
export const mesosRules: readonly Rule[] = [
  ...ofOwners,
  ...ofFrameworks,
  ...ofAllocator,
  ...ofMachine,
  [/^(?<path>.*)_ms(?:\/(?<part>count|max|min|p50|p90|p95|p99|p999|p9999))?$/, timer],
];
