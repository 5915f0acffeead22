import type { Health } from '../../../protocol/marathon.ts';
import type { TaskState } from '../../../protocol/mesos.ts';

export type Condition = 'Staging' | 'Starting' | 'Running' | 'Killing' | 'Unreachable' | 'UnreachableInactive';

/** One instance of an app: in Marathon each has exactly one task. Times are milliseconds since 1970. */
export interface Instance {
  /** `group_name.instance-<uuid>` */
  readonly id: string;
  /** `group_name.instance-<uuid>._app.1` */
  readonly taskId: string;
  readonly appId: string;
  /** Version of the app that it runs. */
  readonly version: string;
  readonly agentId: string;
  readonly host: string;
  /** What constraints compare: `hostname`, `@region`, `@zone` and the agent's attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly hostPorts: readonly number[];
  readonly ipAddresses: readonly { readonly ipAddress: string; readonly protocol: string }[];
  readonly condition: Condition;
  readonly state: TaskState;
  /** Decommissioned: Marathon wants it gone. */
  readonly goal: 'Running' | 'Decommissioned';
  readonly stagedAt: number;
  readonly startedAt?: number;
  readonly unreachableSince?: number;
  /** As Mesos says it, for checks that Mesos runs. */
  readonly mesosHealthy?: boolean;
}

/** Instances that there are, by app. Changes are told to whoever listens. */
export class Instances {
  readonly #byTask = new Map<string, Instance>();
  readonly #byApp = new Map<string, Map<string, Instance>>();
  readonly #onChange: (instance: Instance, before: Instance | undefined) => void;

  constructor(
    saved: readonly Instance[],
    onChange: (instance: Instance, before: Instance | undefined) => void = () => undefined,
  ) {
    this.#onChange = onChange;
    for (const instance of saved) this.#set(instance);
  }

  get(taskId: string): Instance | undefined {
    return this.#byTask.get(taskId);
  }

  ofApp(appId: string): readonly Instance[] {
    return [...(this.#byApp.get(appId)?.values() ?? [])];
  }

  all(): readonly Instance[] {
    return [...this.#byTask.values()];
  }

  appIds(): readonly string[] {
    return [...this.#byApp.keys()];
  }

  put(instance: Instance): void {
    const before = this.#byTask.get(instance.taskId);
    this.#set(instance);
    this.#onChange(instance, before);
  }

  remove(taskId: string): void {
    const instance = this.#byTask.get(taskId);
    if (instance === undefined) return;
    this.#byTask.delete(taskId);
    const siblings = this.#byApp.get(instance.appId);
    siblings?.delete(taskId);
    if (siblings?.size === 0) this.#byApp.delete(instance.appId);
  }

  #set(instance: Instance): void {
    this.#byTask.set(instance.taskId, instance);
    const siblings = this.#byApp.get(instance.appId) ?? new Map<string, Instance>();
    siblings.set(instance.taskId, instance);
    this.#byApp.set(instance.appId, siblings);
  }
}

/** Counts towards the number of instances that the app shall have. */
export const isActive = (instance: Instance) =>
  instance.goal === 'Running' && instance.condition !== 'UnreachableInactive';

export const isRunning = (instance: Instance) => instance.condition === 'Running';

/** All checks passed: true. Some failed: false. Nothing known, or nothing to check: undefined. */
export function healthOf(results: readonly Health[], checkCount: number): boolean | undefined {
  if (checkCount === 0 || results.length === 0) return undefined;
  if (results.some((each) => !each.alive)) return false;
  return results.length >= checkCount ? true : undefined;
}
