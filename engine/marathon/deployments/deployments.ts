import { randomUUID } from 'node:crypto';
import type { App } from '../../../protocol/marathon.ts';
import { changedGroups } from '../apps/path-id.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { appLocked } from '../marathon-error.ts';
import { isPod, podOf, withoutPods } from '../pods/pod-spec.ts';
import { forgetFailures } from '../scheduling/last-failures.ts';
import { recordKey } from '../storage/record-key.ts';
import { deploymentInfo, shownStep, type Deployment } from './deployment.ts';
import type { ChangePlan } from './plan-change.ts';
import { RunningDeployment, type AppMode } from './running-deployment.ts';

/** The deployments that are under way (DeploymentManagerActor.scala of Marathon). */
export class Deployments {
  readonly #shared: SharedParts;
  readonly #running = new Map<string, RunningDeployment>();
  /** Those that hold an app, by the app. */
  readonly #holding = new Map<string, Set<RunningDeployment>>();

  readonly #onStart: () => void;

  /** @param onStart is told of each that begins */
  constructor(shared: SharedParts, saved: readonly Deployment[], onStart: () => void = () => undefined) {
    this.#shared = shared;
    this.#onStart = onStart;
    for (const deployment of saved) this.#add(deployment);
  }

  list(): readonly Deployment[] {
    return [...this.#running.values()].map(({ deployment }) => deployment);
  }

  ids(): Iterable<string> {
    return this.#running.keys();
  }

  get(id: string): Deployment | undefined {
    return this.#running.get(id)?.deployment;
  }

  /** Those that hold an app. */
  affecting(appId: string): readonly Deployment[] {
    return [...(this.#holding.get(appId) ?? [])].map(({ deployment }) => deployment);
  }

  /**
   * Begins a change: from then on the apps are as it says, and their instances follow.
   * @param force cancels the deployments that are in the way
   * @throws ApiError 409 when there are such; then nothing has changed
   */
  start({ changes, groups, steps }: ChangePlan, version: string, force: boolean): Deployment {
    const inTheWay = new Set(changes.flatMap(({ id }) => this.affecting(id)));
    if (inTheWay.size > 0 && !force) throw appLocked([...inTheWay].map(({ id }) => id));
    for (const each of inTheWay) this.cancel(each.id);
    this.#shared.apps.apply(changes, groups, version);
    for (const { id, after } of changes) if (after === undefined) forgetFailures(this.#shared, id);
    const deployment = { id: randomUUID(), version, changes, groups, steps, current: -1, awaitHealth: [] };
    this.#onStart();
    this.#enterStep(this.#add(deployment), 0);
    // The groups are as they shall be, whatever becomes of their tasks (GroupManagerImpl.scala of Marathon).
    for (const groupId of changedGroups(changes, groups)) {
      this.#shared.events.publish('group_change_success', { groupId, version });
    }
    return deployment;
  }

  /** Ends a deployment where it is. */
  cancel(id: string): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    const { deployment } = running;
    this.#remove(running);
    this.#shared.store.changed(recordKey.deployment(id));
    this.#shared.log(`deployment ${id} is cancelled`);
    this.#shared.events.publish('deployment_failed', {
      id,
      plan: planOf(deployment),
      reason: 'The upgrade has been cancelled',
    });
  }

  /** What shall become of an app now. */
  modeOf(appId: string): AppMode {
    const [first] = this.#holding.get(appId) ?? [];
    return first?.modeOf(appId) ?? { kind: 'steady' };
  }

  /** Goes on with all steps that are done, after some apps have changed. */
  advance(appIds: readonly string[], isDone: (appId: string, mode: AppMode) => boolean): void {
    const concerned = new Set<RunningDeployment>();
    for (const appId of appIds) {
      for (const running of this.#holding.get(appId) ?? []) {
        running.check([appId], isDone);
        concerned.add(running);
      }
    }
    for (const running of concerned) {
      for (;;) {
        const { deployment } = running;
        const step = deployment.steps[deployment.current];
        if (step === undefined || !running.isStepDone) break;
        this.#shared.events.publish('deployment_step_success', {
          plan: planOf(deployment),
          currentStep: shownStep(deployment.changes, step),
        });
        this.#enterStep(running, deployment.current + 1);
        running.check(
          running.deployment.steps[running.deployment.current]?.actions.map(({ app }) => app) ?? [],
          isDone,
        );
      }
    }
  }

  #enterStep(running: RunningDeployment, index: number): void {
    const { apps, instances, events, store } = this.#shared;
    const before = running.deployment;
    const step = before.steps[index];
    store.changed(recordKey.deployment(before.id));
    if (step === undefined) {
      running.enter({ ...before, current: index });
      this.#remove(running);
      events.publish('deployment_success', { id: before.id, plan: planOf(before) });
      return;
    }
    const awaitHealth = step.actions
      .filter(({ app, action }) => {
        const target = apps.get(app)?.instances ?? 0;
        return action === 'ScaleApplication' && instances.counted(app).active < target;
      })
      .map(({ app }) => app);
    running.enter({ ...before, current: index, awaitHealth });
    this.#touch(before.steps[before.current]?.actions.map(({ app }) => app) ?? []);
    this.#touch(step.actions.map(({ app }) => app));
    events.publish('deployment_info', {
      plan: planOf(running.deployment),
      currentStep: shownStep(before.changes, step),
    });
  }

  #add(deployment: Deployment): RunningDeployment {
    const running = new RunningDeployment(deployment);
    this.#running.set(deployment.id, running);
    for (const { id } of deployment.changes) {
      const holding = this.#holding.get(id) ?? new Set();
      this.#holding.set(id, holding.add(running));
      // They are judged by another definition now.
      for (const instance of this.#shared.instances.ofApp(id)) this.#shared.touched.instance(instance);
      this.#shared.touched.app(id);
    }
    return running;
  }

  #remove(running: RunningDeployment): void {
    const { id, changes } = running.deployment;
    this.#running.delete(id);
    for (const change of changes) {
      const holding = this.#holding.get(change.id);
      holding?.delete(running);
      if (holding?.size === 0) this.#holding.delete(change.id);
      this.#shared.touched.app(change.id);
    }
  }

  #touch(appIds: readonly string[]): void {
    for (const appId of appIds) this.#shared.touched.app(appId);
  }
}

const plans = new WeakMap<Deployment['changes'], object>();

/** A deployment as events carry it, made once for all of its steps. */
function planOf(deployment: Deployment): object {
  const known = plans.get(deployment.changes);
  if (known !== undefined) return known;
  const plan = madePlan(deployment);
  plans.set(deployment.changes, plan);
  return plan;
}

/** With the apps that it changes as groups, before and after. */
function madePlan(deployment: Deployment): object {
  const { id, version, steps, affectedApps, affectedPods } = deploymentInfo(deployment);
  const group = (apps: readonly App[]) => ({
    ...{ id: '/', apps: withoutPods(apps), groups: [], dependencies: [] },
    ...{ pods: apps.filter(isPod).map(podOf), version },
  });
  return {
    id,
    version,
    original: group(deployment.changes.flatMap(({ before }) => before ?? [])),
    target: group(deployment.changes.flatMap(({ after }) => after ?? [])),
    steps,
    affectedApps,
    affectedPods,
  };
}
