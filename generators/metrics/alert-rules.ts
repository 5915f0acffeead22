import type { Plan } from '../../planning/plan/plan.ts';

/** Something that Prometheus warns of. */
export interface AlertRule {
  readonly name: string;
  /** In PromQL: each series that it gives is an alert. */
  readonly query: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
}

export interface AlertTiming {
  /** How far an alert looks back. */
  readonly windowSeconds: number;
  /** How long something has to be so before it is one. */
  readonly patienceSeconds: number;
}

/** Labs with fast timing notice everything sooner. */
export const alertTiming = ({ timing }: Pick<Plan, 'timing'>): AlertTiming =>
  timing === 'fast' ? { windowSeconds: 60, patienceSeconds: 10 } : { windowSeconds: 300, patienceSeconds: 60 };

/** What is worth a warning in a cluster of Mesos and Marathon; the metrics are those of the exporter. */
export const alertRules = ({ windowSeconds }: AlertTiming): readonly AlertRule[] => [
  {
    name: 'MesosNoLeader',
    query: '(sum(mesos_master_elected) or vector(0)) < 1',
    severity: 'critical',
    summary: 'No Mesos master leads: nothing is started, and what ends is not started again',
  },
  {
    name: 'MesosAgentLost',
    // One series, also when the master gives up an agent that has not answered for long.
    query: '(count(mesos_agent_up == 0) or vector(0)) + (sum(mesos_master_agents_unreachable) or vector(0)) > 0',
    severity: 'critical',
    summary:
      'Agents do not answer, or are not reached by the master {{ range query "mesos_agent_up == 0" }}{{ .Labels.agent }} {{ end }}',
  },
  {
    name: 'MarathonAppNotHealthy',
    query: 'marathon_app_tasks_unhealthy > 0 or marathon_app_tasks_running < marathon_app_instances',
    severity: 'warning',
    summary: 'The app {{ $labels.app }} has instances that are unhealthy, or do not run',
  },
  {
    name: 'MesosTasksFailAgainAndAgain',
    query: `sum by (framework) (increase(mesos_framework_tasks_ended_total{state=~"failed|error|lost|dropped"}[${windowSeconds}s])) >= 3`,
    severity: 'warning',
    summary: 'Tasks of {{ $labels.framework }} fail again and again',
  },
  {
    name: 'MesosSandboxNearlyFull',
    query: 'mesos_container_disk_used_bytes / mesos_container_disk_limit_bytes > 0.9',
    severity: 'warning',
    summary:
      'A sandbox of {{ $labels.app }} on {{ $labels.agent }} has used {{ $value | humanizePercentage }} of its disk',
  },
  {
    name: 'MarathonOffersDeclinedWhileQueueWaits',
    query: 'marathon_queue_instances > 0 and on (app) marathon_queue_offers_unused_total > 0',
    severity: 'warning',
    summary: 'Instances of {{ $labels.app }} wait, and no offer has been of use: resources or constraints do not fit',
  },
];
