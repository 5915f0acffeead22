import type { DeploymentActionName } from '../../../protocol/marathon/deployments.ts';
import type { Deployment } from './deployment.ts';

/** What a deployment has in mind for an app at present. */
export type AppMode =
  | { readonly kind: 'steady' }
  /** Its turn comes later. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'act'; readonly action: DeploymentActionName; readonly awaitHealth: boolean };

interface Turn {
  readonly step: number;
  readonly action: DeploymentActionName;
}

/** A deployment with what is asked of it at every turn. */
export class RunningDeployment {
  /** The turns of each app, the first ones first. */
  readonly #turns = new Map<string, readonly Turn[]>();
  #deployment: Deployment;
  #awaitHealth: ReadonlySet<string> = new Set();
  /** Apps of the current step that are not as it wants them. */
  #undone = new Set<string>();

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    deployment.steps.forEach(({ actions }, step) => {
      for (const { app, action } of actions) this.#turns.set(app, [...(this.#turns.get(app) ?? []), { step, action }]);
    });
    this.enter(deployment);
  }

  get deployment(): Deployment {
    return this.#deployment;
  }

  get isStepDone(): boolean {
    return this.#undone.size === 0;
  }

  /** The deployment, at another step. */
  enter(deployment: Deployment): void {
    this.#deployment = deployment;
    this.#awaitHealth = new Set(deployment.awaitHealth);
    this.#undone = new Set(deployment.steps[deployment.current]?.actions.map(({ app }) => app));
  }

  modeOf(appId: string): AppMode {
    const { current } = this.#deployment;
    const turns = this.#turns.get(appId) ?? [];
    const now = turns.find(({ step }) => step === current);
    if (now !== undefined) return { kind: 'act', action: now.action, awaitHealth: this.#awaitHealth.has(appId) };
    return { kind: turns.some(({ step }) => step > current) ? 'hold' : 'steady' };
  }

  /** Looks again at some apps of the current step. */
  check(appIds: Iterable<string>, isDone: (appId: string, mode: AppMode) => boolean): void {
    for (const appId of appIds) {
      const mode = this.modeOf(appId);
      if (mode.kind !== 'act') continue;
      if (isDone(appId, mode)) this.#undone.delete(appId);
      else this.#undone.add(appId);
    }
  }
}
