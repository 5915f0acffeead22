import type { ClusterTarget } from '../checks/cluster-target.ts';
import type { Lesson } from '../planning/lesson/lesson.ts';
import { onOwnLabs } from '../planning/lesson/lesson-rules.ts';
import { planCluster } from '../planning/plan/plan-cluster.ts';
import type { Plan } from '../planning/plan/plan.ts';

/** A lab, as far as lessons need something of it. */
export interface LabAtHand {
  readonly plan: Plan;
  readonly target: Pick<ClusterTarget, 'masters' | 'marathons' | 'loadBalancer' | 'expected'>;
  readonly runtime: 'docker' | 'embedded' | 'hosts' | 'vagrant' | 'adopted';
}

const countsOf = (plan: Plan) => ({
  masters: plan.urls.masters.length,
  agents: plan.agents.length,
  marathons: plan.urls.marathons.length,
  loadBalancers: plan.urls.loadBalancers.length,
});

/** What a lesson needs at least: of a preset as many of each role as that has. */
function wantedBy({ needs }: Lesson) {
  const { preset, masters = 0, agents = 0, marathons = 0, addons = [] } = needs;
  const least = preset === undefined ? undefined : countsOf(planCluster({ name: 'lab', preset }));
  const most = (one: number, other = 0) => Math.max(one, other);
  return {
    masters: most(masters, least?.masters),
    agents: most(agents, least?.agents),
    marathons: most(marathons, least?.marathons),
    loadBalancers: least?.loadBalancers ?? 0,
    addons,
  };
}

/** Whether a lesson does to a lab what is not done to a cluster of other people. */
const actsOnParts = ({ setup, checks, cleanup }: Lesson): boolean =>
  [...setup, ...cleanup, ...checks.flatMap(({ looks, solution }) => [...looks, ...solution])].some(({ kind }) =>
    onOwnLabs.has(kind),
  );

/** What a lab lacks for a lesson, in words; none: it has all. */
export function whatIsLacking(lesson: Lesson, { plan, target, runtime }: LabAtHand): readonly string[] {
  const wanted = wantedBy(lesson);
  const there = {
    masters: target.masters.length,
    agents: Math.max(plan.agents.length, target.expected?.agents.length ?? 0),
    marathons: target.marathons.length,
    loadBalancers: target.loadBalancer === undefined ? 0 : 1,
  };
  const names = { masters: 'masters', agents: 'agents', marathons: 'Marathons', loadBalancers: 'load balancers' };
  const counts = (['masters', 'agents', 'marathons', 'loadBalancers'] as const).flatMap((role) =>
    there[role] < wanted[role] ? [`${wanted[role]} ${names[role]}, and there are ${there[role]}`] : [],
  );
  const addons = wanted.addons.filter((addon) => !plan.addons.includes(addon)).map((addon) => `the add-on ${addon}`);
  const { runtimes } = lesson.needs;
  const elsewhere =
    runtimes !== undefined && !runtimes.includes(runtime) ? [`a lab that runs on ${runtimes.join(' or ')}`] : [];
  const foreign =
    runtime === 'adopted' && actsOnParts(lesson) ? ['a lab of its own: it breaks parts, or drains agents'] : [];
  return [...counts, ...addons, ...elsewhere, ...foreign];
}

/** How to make a lab that has what a lesson needs. */
export function labFor(lesson: Lesson): string {
  const { preset = 'single', addons = [], masters, agents, marathons } = lesson.needs;
  const flags = [
    `--preset ${preset}`,
    ...(addons.length === 0 ? [] : [`--addon ${addons.join(',')}`]),
    ...(masters === undefined ? [] : [`--masters ${masters}`]),
    ...(agents === undefined ? [] : [`--agents ${agents}`]),
    ...(marathons === undefined ? [] : [`--marathons ${marathons}`]),
  ];
  return `create-mesos-cluster my-lab ${flags.join(' ')}`;
}
