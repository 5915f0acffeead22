import type { figureNames, SubjectKind } from '../../../protocol/hour-figures.ts';
import type { words } from '../words.ts';

export type Unit = 'count' | 'cpus' | 'bytes' | 'share' | 'perSecond' | 'perMinute';

type Figure = (typeof figureNames)[SubjectKind][number];
type LineName = keyof typeof words.ofHour.lines;

/** Lines that belong together: they are in the same unit. */
export interface ChartPlan {
  readonly title: keyof typeof words.ofHour.charts;
  readonly unit: Unit;
  readonly lines: readonly (readonly [figure: Figure, name: LineName])[];
  /** Steps of the autoscaler are marked in it. */
  readonly hasSteps?: boolean;
}

const ends = {
  ...{ title: 'ends', unit: 'perMinute' },
  lines: [
    ['tasksFinished', 'finished'],
    ['tasksKilled', 'killed'],
    ['tasksFailed', 'failed'],
  ],
} as const satisfies ChartPlan;

const balancer = {
  ...{ title: 'requests', unit: 'perSecond' },
  lines: [
    ['requests', 'requests'],
    ['errors', 'errors'],
  ],
} as const satisfies ChartPlan;

const sessions = { title: 'sessions', unit: 'count', lines: [['sessions', 'open']] } as const satisfies ChartPlan;

/** The figures of Grafana's dashboards (generators/grafana/dashboards). */
export const charts: Readonly<Record<SubjectKind, readonly ChartPlan[]>> = {
  cluster: [
    {
      ...{ title: 'cpus', unit: 'cpus' },
      lines: [
        ['cpusInUse', 'inUse'],
        ['cpusAllocated', 'allocated'],
        ['cpusTotal', 'total'],
      ],
    },
    {
      ...{ title: 'memory', unit: 'bytes' },
      lines: [
        ['memoryInUse', 'inUse'],
        ['memoryAllocated', 'allocated'],
        ['memoryTotal', 'total'],
      ],
    },
    {
      ...{ title: 'disk', unit: 'bytes' },
      lines: [
        ['diskAllocated', 'allocated'],
        ['diskTotal', 'total'],
      ],
    },
    {
      ...{ title: 'tasks', unit: 'count' },
      lines: [
        ['tasksRunning', 'running'],
        ['tasksStaging', 'staging'],
        ['tasksStarting', 'starting'],
        ['tasksKilling', 'killing'],
        ['tasksUnreachable', 'unreachable'],
      ],
    },
    ends,
    {
      ...{ title: 'offers', unit: 'perSecond' },
      lines: [
        ['offersSent', 'sent'],
        ['offersAccepted', 'accepted'],
        ['offersDeclined', 'declined'],
      ],
    },
    { title: 'offersOutstanding', unit: 'count', lines: [['offersOutstanding', 'outstanding']] },
    balancer,
    sessions,
    {
      ...{ title: 'waiting', unit: 'count' },
      lines: [
        ['instancesWaiting', 'instances'],
        ['appsWaiting', 'apps'],
      ],
    },
    {
      ...{ title: 'answering', unit: 'count' },
      lines: [
        ['mastersUp', 'masters'],
        ['agentsUp', 'agents'],
        ['marathonsUp', 'marathons'],
        ['balancersUp', 'balancers'],
        ['agentsUnreachable', 'unreachableAgents'],
      ],
    },
  ],
  agent: [
    {
      ...{ title: 'shares', unit: 'share' },
      lines: [
        ['cpusShare', 'cpus'],
        ['memoryShare', 'memory'],
        ['diskShare', 'disk'],
      ],
    },
    { title: 'cpusInUse', unit: 'cpus', lines: [['cpusInUse', 'inUse']] },
    { title: 'memoryInUse', unit: 'bytes', lines: [['memoryInUse', 'inUse']] },
    { title: 'tasks', unit: 'count', lines: [['tasksRunning', 'running']] },
    ends,
  ],
  app: [
    {
      ...{ title: 'instances', unit: 'count', hasSteps: true },
      lines: [
        ['running', 'running'],
        ['healthy', 'healthy'],
        ['staged', 'starting'],
        ['unhealthy', 'unhealthy'],
        ['instances', 'wanted'],
      ],
    },
    balancer,
    sessions,
    { title: 'cpusInUse', unit: 'cpus', lines: [['cpusInUse', 'inUse']] },
    { title: 'memoryInUse', unit: 'bytes', lines: [['memoryInUse', 'inUse']] },
    { title: 'waiting', unit: 'count', lines: [['waiting', 'instances']] },
  ],
};
