import type {
  DeploymentAction,
  DeploymentActionName,
  DeploymentInfo,
  DeploymentStep,
  PodActionName,
  ShownStep,
} from '../../../protocol/marathon/deployments.ts';
import type { App, ReadinessResult } from '../../../protocol/marathon.ts';
import type { AppChange, GroupChange } from '../apps/app-repository.ts';
import { needsRestart } from '../apps/complete-app.ts';
import type { Group } from '../apps/groups.ts';
import { isPod } from '../pods/pod-spec.ts';
import { dependencyClasses } from './dependency-classes.ts';

/** A change that is being made. Plain data: it survives a restart of Marathon. */
export interface Deployment {
  readonly id: string;
  readonly version: string;
  readonly changes: readonly AppChange[];
  /** Those of groups; missing in what an older version has saved. */
  readonly groups?: readonly GroupChange[];
  readonly steps: readonly DeploymentStep[];
  /** Index of the step that is being made. */
  readonly current: number;
  /** Apps of the current step that must become healthy before it is done: those that get new instances. */
  readonly awaitHealth: readonly string[];
}

/**
 * The steps of a change, in the order of Marathon's DeploymentPlan.scala: stop what goes, start what is new with no
 * instances, then scale and restart, each class of dependencies after those it depends on.
 * @param apps all apps, as they will be
 * @param groups all groups, as they will be
 * @returns undefined for a circle of dependencies
 */
export function stepsFor(
  changes: readonly AppChange[],
  apps: readonly App[],
  groups: readonly Group[],
): readonly DeploymentStep[] | undefined {
  const dependent = dependencyClasses(apps, groups);
  return dependent && stepsInClasses(changes, dependent);
}

/** @param dependent ids of apps in the order in which they come: at least of those that change and stay */
export function stepsInClasses(
  changes: readonly AppChange[],
  dependent: readonly (readonly string[])[],
): readonly DeploymentStep[] {
  const stopped = changes.filter(({ after }) => after === undefined);
  const started = changes.filter(({ before, after }) => before === undefined && after !== undefined);
  const step = (action: 'StopApplication' | 'StartApplication', of: readonly AppChange[]): readonly DeploymentStep[] =>
    of.length === 0 ? [] : [{ actions: of.map(({ id }) => ({ action, app: id })) }];
  const changed = new Map(changes.map((change) => [change.id, change]));
  const classes = dependent.map((ids) =>
    ids.flatMap((id): readonly DeploymentAction[] => {
      const action = actionFor(changed.get(id));
      return action === undefined ? [] : [{ action, app: id }];
    }),
  );
  return [
    ...step('StopApplication', stopped),
    ...step('StartApplication', started),
    ...classes.filter((actions) => actions.length > 0).map((actions) => ({ actions })),
  ];
}

function actionFor(change: AppChange | undefined): 'ScaleApplication' | 'RestartApplication' | undefined {
  if (change?.after === undefined) return undefined;
  const { before, after } = change;
  // Nothing of a new configuration is to be started: Marathon only scales to zero.
  if (before === undefined || after.instances === 0) return 'ScaleApplication';
  if (needsRestart(before, after) || isForcedRestart(before, after)) return 'RestartApplication';
  return before.instances === after.instances ? undefined : 'ScaleApplication';
}

const isForcedRestart = (before: App, after: App) =>
  before.versionInfo.lastConfigChangeAt !== after.versionInfo.lastConfigChangeAt;

const podActions: Readonly<Record<DeploymentActionName, PodActionName>> = {
  StartApplication: 'StartPod',
  StopApplication: 'StopPod',
  ScaleApplication: 'ScalePod',
  RestartApplication: 'RestartPod',
};

const podsOf = new WeakMap<readonly AppChange[], ReadonlySet<string>>();

/** The ids of the pods among what is changed: looked for once, however many steps ask. */
function podIds(changes: readonly AppChange[]): ReadonlySet<string> {
  const known = podsOf.get(changes);
  if (known !== undefined) return known;
  const ids = changes.flatMap(({ id, before, after = before }) => (after !== undefined && isPod(after) ? id : []));
  const pods = new Set(ids);
  podsOf.set(changes, pods);
  return pods;
}

/** A step with the names that actions on pods have (DeploymentPlan.scala of Marathon). */
export function shownStep(changes: readonly AppChange[], { actions }: DeploymentStep): ShownStep {
  const pods = podIds(changes);
  return {
    actions: actions.map((each) => (pods.has(each.app) ? { action: podActions[each.action], pod: each.app } : each)),
  };
}

/**
 * As /v2/deployments shows it.
 * @param readinessOf what the tasks of an app said last
 */
export function deploymentInfo(
  deployment: Deployment,
  readinessOf: (appId: string) => readonly ReadinessResult[] = () => [],
): DeploymentInfo {
  const { changes, steps } = deployment;
  const pods = podIds(changes);
  const current = shownStep(changes, steps[deployment.current] ?? { actions: [] });
  return {
    id: deployment.id,
    version: deployment.version,
    affectedApps: changes.map(({ id }) => id).filter((id) => !pods.has(id)),
    affectedPods: [...pods],
    steps: steps.map((step) => shownStep(changes, step)),
    currentActions: current.actions.map((action) => ({
      ...action,
      readinessCheckResults: 'app' in action ? readinessOf(action.app) : [],
    })),
    currentStep: Math.min(deployment.current + 1, deployment.steps.length),
    totalSteps: deployment.steps.length,
  };
}
