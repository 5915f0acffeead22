import { isReserved } from '../residency/resident.ts';
import { instanceIdOf, isActive, isLost, isRunning, isStaged, type AppInstances, type Instance } from './instances.ts';

/** Instances of one app. What is asked of them at every turn is counted as they change. */
class AppIndex implements AppInstances {
  active = 0;
  running = 0;
  staged = 0;
  up = 0;
  wanted = 0;
  lost = 0;
  leaving = 0;
  readonly byTask = new Map<string, Instance>();
  /** Active ones by agent. */
  readonly activeOn = new Map<string, number>();

  get size(): number {
    return this.byTask.size;
  }

  readonly list = (): readonly Instance[] => [...this.byTask.values()];

  count(instance: Instance, step: 1 | -1): void {
    if (isReserved(instance)) {
      this.lost += step;
      return;
    }
    const isWanted = instance.goal === 'Running';
    if (isStaged(instance)) this.staged += step;
    if (isRunning(instance)) this.up += step;
    if (isWanted) this.wanted += step;
    if (isLost(instance)) this.lost += step;
    else if (!isWanted) this.leaving += step;
    if (!isActive(instance)) return;
    this.active += step;
    if (isRunning(instance)) this.running += step;
    const here = (this.activeOn.get(instance.agentId) ?? 0) + step;
    if (here === 0) this.activeOn.delete(instance.agentId);
    else this.activeOn.set(instance.agentId, here);
  }
}

const noInstances: AppInstances = new AppIndex();

type OnChange = (instance: Instance | undefined, before: Instance | undefined) => void;

/** Instances that there are, by app. Changes are told to whoever listens. */
export class Instances {
  readonly #byTask = new Map<string, Instance>();
  readonly #byApp = new Map<string, AppIndex>();
  readonly #unwanted = new Set<string>();
  readonly #onChange: OnChange;

  constructor(saved: readonly Instance[], onChange: OnChange = () => undefined) {
    this.#onChange = onChange;
    for (const instance of saved) this.#set(instance);
  }

  get(taskId: string): Instance | undefined {
    return this.#byTask.get(taskId);
  }

  /** The one that a task of Mesos belongs to: it is one itself, or has it as a container. */
  ofTask(taskId: string): Instance | undefined {
    return this.#byTask.get(taskId) ?? this.#byTask.get(instanceIdOf(taskId));
  }

  ofApp(appId: string): readonly Instance[] {
    return this.counted(appId).list();
  }

  /** The instances of an app with their counts, as they are now. */
  counted(appId: string): AppInstances {
    return this.#byApp.get(appId) ?? noInstances;
  }

  /** How many active instances of an app are on an agent. */
  activeOn(appId: string, agentId: string): number {
    return this.#byApp.get(appId)?.activeOn.get(agentId) ?? 0;
  }

  taskIds(): Iterable<string> {
    return this.#byTask.keys();
  }

  all(): readonly Instance[] {
    return [...this.#byTask.values()];
  }

  /** Those that shall go. */
  unwanted(): readonly Instance[] {
    return [...this.#unwanted].flatMap((taskId) => this.#byTask.get(taskId) ?? []);
  }

  put(instance: Instance): void {
    this.#onChange(instance, this.#set(instance));
  }

  remove(taskId: string): void {
    const instance = this.#byTask.get(taskId);
    if (instance === undefined) return;
    this.#byTask.delete(taskId);
    this.#unwanted.delete(taskId);
    const siblings = this.#byApp.get(instance.appId);
    siblings?.byTask.delete(taskId);
    siblings?.count(instance, -1);
    if (siblings?.size === 0) this.#byApp.delete(instance.appId);
    this.#onChange(undefined, instance);
  }

  /** @returns the instance as it was */
  #set(instance: Instance): Instance | undefined {
    const before = this.#byTask.get(instance.taskId);
    this.#byTask.set(instance.taskId, instance);
    if (instance.goal === 'Running') this.#unwanted.delete(instance.taskId);
    else this.#unwanted.add(instance.taskId);
    const siblings = this.#byApp.get(instance.appId) ?? new AppIndex();
    siblings.byTask.set(instance.taskId, instance);
    if (before !== undefined) siblings.count(before, -1);
    siblings.count(instance, 1);
    this.#byApp.set(instance.appId, siblings);
    return before;
  }
}
