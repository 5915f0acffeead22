import { lines, stat, type Dashboard } from './dashboard.ts';

const perInterval = '[$__rate_interval]';

const cluster: Dashboard = {
  id: 'cluster',
  title: 'Mesos: the cluster',
  keptBy: 'prometheus',
  variables: [],
  panels: [
    stat('Leading masters', 'sum(mesos_master_elected)'),
    stat('Agents that answer', 'sum(mesos_agent_up)'),
    stat('Unreachable agents', 'sum(mesos_master_agents_unreachable)'),
    stat('Running tasks', 'sum(mesos_master_tasks{state="running"})'),
    stat('Apps that wait', 'max(marathon_queue_size)'),
    stat('Alerts', 'count(ALERTS{alertstate="firing"}) or vector(0)'),
    lines(
      'Processors',
      'short',
      ['sum(mesos_master_cpus_used)', 'used'],
      ['sum(mesos_master_cpus_capacity)', 'capacity'],
    ),
    lines(
      'Memory',
      'bytes',
      ['sum(mesos_master_memory_used_bytes)', 'used'],
      ['sum(mesos_master_memory_capacity_bytes)', 'capacity'],
    ),
    lines('Tasks', 'short', ['sum by (state) (mesos_master_tasks)', '{{state}}']),
    lines('Ends of tasks', 'short', [
      `sum by (state) (increase(mesos_master_tasks_ended_total${perInterval}))`,
      '{{state}}',
    ]),
    lines('Offers', 'short', [
      `sum by (framework, outcome) (rate(mesos_framework_offers_total${perInterval}))`,
      '{{framework}} {{outcome}}',
    ]),
    lines('Allocation', 's', ['max by (quantile) (mesos_allocator_allocation_run_seconds)', 'quantile {{quantile}}']),
    lines(
      'Components that answer',
      'short',
      ['mesos_master_up', '{{master}}'],
      ['marathon_up', '{{marathon}}'],
      ['haproxy_up', '{{load_balancer}}'],
      ['zookeeper_up', '{{zookeeper}}'],
    ),
    lines('Requests to Marathon', 'reqps', [
      `sum by (code) (rate(marathon_http_responses_total${perInterval}))`,
      '{{code}}',
    ]),
    lines('Sessions at the load balancer', 'reqps', [
      `sum by (proxy) (rate(haproxy_frontend_sessions_total${perInterval}))`,
      '{{proxy}}',
    ]),
    lines('Requests that wait in ZooKeeper', 'short', ['zookeeper_outstanding_requests', '{{zookeeper}}']),
  ],
};

const agent: Dashboard = {
  id: 'agent',
  title: 'Mesos: an agent',
  keptBy: 'prometheus',
  variables: [{ kind: 'one', label: 'agent', metric: 'mesos_agent_up' }],
  panels: [
    stat('Answers', 'mesos_agent_up{agent="$agent"}'),
    stat('Gets offers', 'mesos_agent_active{agent="$agent"}'),
    stat('Running tasks', 'mesos_agent_tasks{agent="$agent",state="running"}'),
    stat('Up for', 'mesos_agent_uptime_seconds{agent="$agent"}', 's'),
    lines(
      'Shares that are given away',
      'percentunit',
      ['mesos_agent_cpus_used_ratio{agent="$agent"}', 'processors'],
      ['mesos_agent_memory_used_ratio{agent="$agent"}', 'memory'],
      ['mesos_agent_disk_used_ratio{agent="$agent"}', 'disk'],
    ),
    lines('Ends of tasks', 'short', [
      `sum by (state) (increase(mesos_agent_tasks_ended_total{agent="$agent"}${perInterval}))`,
      '{{state}}',
    ]),
    lines('Processors of containers', 'short', [
      `sum by (app, executor_id) (rate(mesos_container_cpu_seconds_total{agent="$agent"}${perInterval}))`,
      '{{executor_id}}',
    ]),
    lines('Memory of containers', 'bytes', ['mesos_container_memory_rss_bytes{agent="$agent"}', '{{executor_id}}']),
    lines(
      "The agent's machine: load",
      'short',
      ['mesos_system_load1{agent="$agent"}', 'of a minute'],
      ['mesos_system_load15{agent="$agent"}', 'of 15 minutes'],
    ),
    lines("The agent's machine: free memory", 'bytes', ['mesos_system_memory_free_bytes{agent="$agent"}', 'free']),
    lines(
      'All machines: memory (node-exporter)',
      'bytes',
      ['node_memory_MemAvailable_bytes', '{{instance}} available'],
      ['node_memory_MemTotal_bytes', '{{instance}} in all'],
    ),
    lines('All machines: processors at work (node-exporter)', 'short', [
      `sum by (instance) (rate(node_cpu_seconds_total{mode!="idle"}${perInterval}))`,
      '{{instance}}',
    ]),
    lines('All machines: free disk (node-exporter)', 'bytes', [
      'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|ramfs"}',
      '{{instance}} {{mountpoint}}',
    ]),
    lines('Containers of the lab (cAdvisor)', 'short', [
      `sum by (name) (rate(container_cpu_usage_seconds_total{name!=""}${perInterval}))`,
      '{{name}}',
    ]),
  ],
};

const app: Dashboard = {
  id: 'app',
  title: 'Mesos: an app of Marathon',
  keptBy: 'prometheus',
  variables: [{ kind: 'one', label: 'app', metric: 'marathon_app_instances' }],
  panels: [
    stat('Wanted instances', 'marathon_app_instances{app="$app"}'),
    stat('Running', 'marathon_app_tasks_running{app="$app"}'),
    stat('Healthy', 'marathon_app_tasks_healthy{app="$app"}'),
    stat('Unhealthy', 'marathon_app_tasks_unhealthy{app="$app"}'),
    stat('Instances that wait', 'marathon_queue_instances{app="$app"} or vector(0)'),
    stat('Pause after failures', 'marathon_queue_delay_seconds{app="$app"} or vector(0)', 's'),
    lines(
      'Instances',
      'short',
      ['marathon_app_instances{app="$app"}', 'wanted'],
      ['marathon_app_tasks_running{app="$app"}', 'running'],
      ['marathon_app_tasks_staged{app="$app"}', 'staged'],
      ['marathon_app_tasks_unhealthy{app="$app"}', 'unhealthy'],
    ),
    lines('Processors', 'short', [
      `sum by (executor_id) (rate(mesos_container_cpu_seconds_total{app="$app"}${perInterval}))`,
      '{{executor_id}}',
    ]),
    lines('Memory', 'bytes', ['mesos_container_memory_rss_bytes{app="$app"}', '{{executor_id}}']),
    lines('Sandboxes', 'bytes', ['mesos_container_disk_used_bytes{app="$app"}', '{{executor_id}}']),
  ],
};

/** What Grafana shows of a lab's figures: the cluster, one agent, one app. */
export const dashboards: readonly Dashboard[] = [cluster, agent, app];
