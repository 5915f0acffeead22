import type { AppRow, DeploymentRow } from '../../picture/tables.ts';
import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';

/** What a deployment does to an app or a pod. */
export interface Action {
  /** Marathon's name for it: `ScaleApplication`. */
  readonly action: string;
  readonly id: string;
  /** What readiness checks said that are not content yet. */
  readonly notReady: readonly string[];
}

export interface Step {
  readonly state: 'done' | 'now' | 'later';
  readonly actions: readonly Action[];
}

/** @param deployment of `GET /v2/deployments`; an older Marathon has lists of actions as steps */
export function stepsOf(deployment: unknown): readonly Step[] {
  const current = numberAt(deployment, 'currentStep') ?? 0;
  const now = listAt(deployment, 'currentActions').map(readAction);
  return listAt(deployment, 'steps').map((step, index) => {
    const actions = (Array.isArray(step) ? (step as readonly unknown[]) : listAt(step, 'actions')).map(readAction);
    if (index + 1 < current) return { state: 'done', actions };
    // Only these say what readiness checks say.
    return index + 1 === current
      ? { state: 'now', actions: now.length > 0 ? now : actions }
      : { state: 'later', actions };
  });
}

function readAction(action: unknown): Action {
  return {
    action: textAt(action, 'action') ?? textAt(action, 'type') ?? '',
    id: textAt(action, 'app') ?? textAt(action, 'pod') ?? '',
    notReady: listAt(action, 'readinessCheckResults').flatMap((result) => {
      if (valueAt(result, 'ready') === true) return [];
      const status = numberAt(result, 'lastResponse', 'status');
      const task = textAt(result, 'taskId') ?? '';
      return [`${textAt(result, 'name') ?? ''} ${task}${status === undefined ? '' : `: ${status}`}`];
    }),
  };
}

/**
 * How much of a deployment is done, of 1: its steps, and of the current one what is known by its instances.
 * @param apps all there are
 */
export function shareDone({ step, steps, actions }: DeploymentRow, apps: ReadonlyMap<string, AppRow>): number {
  const rows = actions.flatMap((action) => {
    const [name = '', id = ''] = action.split(' ');
    const row = apps.get(id);
    // With a restart, old instances run as new ones do.
    return row === undefined || !name.startsWith('Scale') ? [] : [row];
  });
  const sum = (pick: (row: AppRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const wanted = sum(({ instances }) => instances);
  const there = sum(({ running, instances, hasChecks, healthy }) => Math.min(hasChecks ? healthy : running, instances));
  const ofStep = wanted === 0 ? 0 : there / wanted;
  return steps === 0 ? 0 : Math.min(1, (Math.max(0, step - 1) + ofStep) / steps);
}
