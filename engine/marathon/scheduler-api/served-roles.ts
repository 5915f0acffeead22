import type { FrameworkInfo } from '../../../protocol/mesos.ts';
import type { SchedulerCall } from '../../framework/scheduler-api/scheduler-call.ts';

/** The roles that this Marathon has: others than the default not before an app has one, so that all are offered as ever. */
export class ServedRoles {
  readonly #roles: Set<string>;
  readonly #introduction: () => FrameworkInfo;
  readonly #call: (call: SchedulerCall) => Promise<boolean>;

  /**
   * @param first which it has in any case
   * @param introduction how Marathon introduces itself now
   */
  constructor(first: string, introduction: () => FrameworkInfo, call: (call: SchedulerCall) => Promise<boolean>) {
    this.#roles = new Set([first]);
    this.#introduction = introduction;
    this.#call = call;
  }

  list(): readonly string[] {
    return [...this.#roles];
  }

  /** @returns whether that is new */
  add(role: string): boolean {
    if (this.#roles.has(role)) return false;
    this.#roles.add(role);
    this.introduce();
    return true;
  }

  /** Tells the master, unless it will be told when the session begins. */
  introduce(): void {
    const info = this.#introduction();
    if (this.#roles.size === 1 || info.id === undefined) return;
    void this.#call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: info } });
  }
}
