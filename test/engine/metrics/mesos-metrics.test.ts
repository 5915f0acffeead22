import { describe, expect, it } from 'vitest';
import { exposition } from '../../../protocol/exposition.ts';
import { mesosMeasures } from '../../../engine/metrics/read/mesos-metrics.ts';

/** Lines of values, without what is said of the metrics. */
const linesOf = (snapshot: unknown, owner: Readonly<Record<string, string>> = { master: 'm:5050' }) =>
  exposition(mesosMeasures(snapshot, owner))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

const one = (name: string, value = 1) => linesOf({ [name]: value }, {})[0];

describe("metrics of Mesos's /metrics/snapshot", () => {
  it('are in base units, and what there is of a resource is no counter', () => {
    expect(linesOf({ 'master/mem_total': 2, 'master/mem_used': 1, 'master/mem_percent': 0.5 })).toEqual([
      'mesos_master_memory_capacity_bytes{master="m:5050"} 2097152',
      'mesos_master_memory_used_bytes{master="m:5050"} 1048576',
      'mesos_master_memory_used_ratio{master="m:5050"} 0.5',
    ]);
    expect(one('slave/cpus_revocable_total')).toBe('mesos_agent_revocable_cpus_capacity 1');
    expect(one('slave/uptime_secs', 3.5)).toBe('mesos_agent_uptime_seconds 3.5');
    expect(one('system/mem_free_bytes', 7)).toBe('mesos_system_memory_free_bytes 7');
  });

  it.each([
    ['master/tasks_running', 'mesos_master_tasks{state="running"} 1'],
    ['slave/tasks_gone_by_operator', 'mesos_agent_tasks_ended_total{state="gone_by_operator"} 1'],
    ['master/slaves_unreachable', 'mesos_master_agents_unreachable 1'],
    ['master/slave_shutdowns_canceled', 'mesos_master_agent_shutdowns_total{step="canceled"} 1'],
    ['master/slave_removals/reason_unhealthy', 'mesos_master_agent_removal_reasons_total{reason="unhealthy"} 1'],
    ['master/recovery_slave_removals', 'mesos_master_recovery_agent_removals_total 1'],
    ['master/messages_kill_task', 'mesos_master_messages_total{message="kill_task"} 1'],
    [
      'master/task_lost/source_slave/reason_slave_restarted',
      'mesos_master_task_reasons_total{state="lost",source="slave",reason="slave_restarted"} 1',
    ],
    ['registrar/state_store_ms/p99', 'mesos_registrar_state_store_seconds{quantile="0.99"} 0.001'],
    ['registrar/state_store_ms/count', 'mesos_registrar_state_store_seconds_count 1'],
    ['allocator/mesos/allocation_run_ms/max', 'mesos_allocator_allocation_run_max_seconds 0.001'],
    ['allocator/mesos/offer_filters/roles/a/b/active', 'mesos_allocator_offer_filters_active{role="a/b"} 1'],
    [
      'allocator/mesos/quota/roles/dev/resources/mem/guarantee',
      'mesos_allocator_quota_memory_guarantee_bytes{role="dev"} 1048576',
    ],
    [
      'master/frameworks/my%20one/f-1/offers/declined',
      'mesos_framework_offers_total{framework="my one",framework_id="f-1",outcome="declined"} 1',
    ],
    [
      'master/frameworks/m/f-1/tasks/terminal/task_failed',
      'mesos_framework_tasks_ended_total{framework="m",framework_id="f-1",state="failed"} 1',
    ],
    ['containerizer/mesos/container_destroy_errors', 'mesos_containerizer_mesos_container_destroy_errors_total 1'],
  ])('%s is %s', (name, line) => {
    expect(one(name)).toBe(line);
  });

  it('have one help text for all labels of a metric, which says where it is from', () => {
    const text = exposition(mesosMeasures({ 'master/tasks_running': 1, 'master/tasks_staging': 2 }, {}));
    expect(text).toBe(
      [
        "# HELP mesos_master_tasks master/tasks_{state} of Mesos's /metrics/snapshot.",
        '# TYPE mesos_master_tasks gauge',
        'mesos_master_tasks{state="running"} 1',
        'mesos_master_tasks{state="staging"} 2\n',
      ].join('\n'),
    );
  });

  it('that are not in its documents keep their names and are of no type; what is no number is left out', () => {
    const text = exposition(mesosMeasures({ 'overlay/slave/odd-thing_total': 3, text: 'x', none: null }, {}));
    expect(text).toContain('# TYPE mesos_overlay_slave_odd_thing untyped\nmesos_overlay_slave_odd_thing 3\n');
    expect(text.split('\n')).toHaveLength(4);
    for (const nothing of [undefined, null, 'text', [1], 7]) expect(mesosMeasures(nothing, {})).toEqual([]);
  });

  it('write hostile names so that no line breaks', () => {
    const name = `master/frameworks/${encodeURIComponent('a"b\\c\nd')}/f/subscribed`;
    expect(linesOf({ [name]: 1 }, {})).toEqual([
      String.raw`mesos_framework_subscribed{framework="a\"b\\c\nd",framework_id="f"} 1`,
    ]);
    // No escape of a URL.
    expect(one('master/frameworks/100%/f/subscribed')).toContain('framework="100%"');
  });
});
