import { randomUUID } from 'node:crypto';
import type { App, DeploymentActionName } from '../../../protocol/marathon.ts';
import { canonicalId } from '../apps/path-id.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { appLocked } from '../marathon-error.ts';
import { isActive } from '../scheduling/instances.ts';
import { deploymentInfo, stepsFor, type AppChange, type Deployment } from './deployment.ts';

/** What a deployment has in mind for an app at present. */
export type AppMode =
  | { readonly kind: 'steady' }
  /** Its turn comes later. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'act'; readonly action: DeploymentActionName; readonly awaitHealth: boolean };

/** The deployments that are under way (DeploymentManagerActor.scala of Marathon). */
export class Deployments {
  readonly #shared: SharedParts;
  readonly #running = new Map<string, Deployment>();

  constructor(shared: SharedParts, saved: readonly Deployment[]) {
    this.#shared = shared;
    for (const deployment of saved) this.#running.set(deployment.id, deployment);
  }

  list(): readonly Deployment[] {
    return [...this.#running.values()];
  }

  get(id: string): Deployment | undefined {
    return this.#running.get(id);
  }

  /** Those that hold an app. */
  affecting(appId: string): readonly Deployment[] {
    return this.list().filter(({ changes }) => changes.some(({ id }) => id === appId));
  }

  /**
   * Begins a change: from then on the apps are as it says, and their instances follow.
   * @param force cancels the deployments that are in the way
   * @throws ApiError 409 when there are such, 422 when dependencies are circular; then nothing has changed
   */
  start(changes: readonly AppChange[], version: string, force: boolean): Deployment {
    const { apps } = this.#shared;
    const ids = new Set(changes.map(({ id }) => id));
    const inTheWay = this.list().filter((each) => each.changes.some(({ id }) => ids.has(id)));
    if (inTheWay.length > 0 && !force) throw appLocked(inTheWay.map(({ id }) => id));
    const after: readonly App[] = [
      ...apps.list().filter(({ id }) => !ids.has(id)),
      ...changes.flatMap((change) => change.after ?? []),
    ];
    const steps = stepsFor(changes, after);
    for (const each of inTheWay) this.cancel(each.id);
    for (const change of changes) {
      if (change.after === undefined) apps.remove(change.id);
      else apps.put(change.after);
    }
    const deployment: Deployment = { id: randomUUID(), version, changes, steps, current: -1, awaitHealth: [] };
    this.#enterStep(deployment, 0);
    this.#shared.wake();
    return deployment;
  }

  /** Ends a deployment where it is. */
  cancel(id: string): void {
    const deployment = this.#running.get(id);
    if (deployment === undefined) return;
    this.#running.delete(id);
    this.#shared.store.markDirty();
    this.#shared.log(`deployment ${id} is cancelled`);
    this.#shared.events.publish('deployment_failed', {
      id,
      plan: planOf(deployment),
      reason: 'The upgrade has been cancelled',
    });
    this.#shared.wake();
  }

  /** What shall become of an app now. */
  modeOf(appId: string): AppMode {
    const [deployment] = this.affecting(appId);
    if (deployment === undefined) return { kind: 'steady' };
    const action = deployment.steps[deployment.current]?.actions.find(({ app }) => app === appId);
    const awaitHealth = deployment.awaitHealth.includes(appId);
    if (action !== undefined) return { kind: 'act', action: action.action, awaitHealth };
    const isLater = deployment.steps
      .slice(deployment.current + 1)
      .some(({ actions }) => actions.some(({ app }) => app === appId));
    return isLater ? { kind: 'hold' } : { kind: 'steady' };
  }

  /** Goes on with all steps that are done. @returns whether any was */
  advance(isDone: (appId: string, mode: AppMode) => boolean): boolean {
    let hasAdvanced = false;
    for (const { id } of this.list()) {
      for (;;) {
        const deployment = this.#running.get(id);
        const step = deployment?.steps[deployment.current];
        if (deployment === undefined || step === undefined) break;
        if (!step.actions.every(({ app }) => isDone(app, this.modeOf(app)))) break;
        hasAdvanced = true;
        this.#shared.events.publish('deployment_step_success', { plan: planOf(deployment), currentStep: step });
        this.#enterStep(deployment, deployment.current + 1);
      }
    }
    return hasAdvanced;
  }

  #enterStep(before: Deployment, index: number): void {
    const { apps, instances, events, store } = this.#shared;
    const step = before.steps[index];
    if (step === undefined) {
      this.#running.delete(before.id);
      store.markDirty();
      events.publish('deployment_success', { id: before.id, plan: planOf(before) });
      const groups = before.changes.map(({ id }) => canonicalId('..', id));
      for (const groupId of new Set(groups)) {
        events.publish('group_change_success', { groupId, version: before.version });
      }
      return;
    }
    const awaitHealth = step.actions
      .filter(({ app, action }) => {
        const target = apps.get(app)?.instances ?? 0;
        return action === 'ScaleApplication' && instances.ofApp(app).filter(isActive).length < target;
      })
      .map(({ app }) => app);
    const deployment = { ...before, current: index, awaitHealth };
    this.#running.set(deployment.id, deployment);
    store.markDirty();
    events.publish('deployment_info', { plan: planOf(deployment), currentStep: step });
  }
}

/** A deployment as events carry it: with the apps that it changes as groups, before and after. */
function planOf(deployment: Deployment): object {
  const { id, version, steps } = deploymentInfo(deployment);
  const group = (apps: readonly App[]) => ({ id: '/', apps, groups: [], dependencies: [], pods: [], version });
  return {
    id,
    version,
    original: group(deployment.changes.flatMap(({ before }) => before ?? [])),
    target: group(deployment.changes.flatMap(({ after }) => after ?? [])),
    steps,
    affectedApps: deployment.changes.map((change) => change.id),
  };
}
