import type { FrameworkInfo } from '../../../protocol/mesos.ts';
import type { SchedulerCall } from '../../framework/scheduler-api/scheduler-call.ts';
import { Releases } from './releases.ts';

/** Whether this Marathon has the role of resident apps: not before there is one, so that others are offered as ever. */
export class Residency {
  isServed = false;
  readonly #introduction: () => FrameworkInfo;
  readonly #call: (call: SchedulerCall) => Promise<boolean>;

  /** @param introduction how Marathon introduces itself now */
  constructor(introduction: () => FrameworkInfo, call: (call: SchedulerCall) => Promise<boolean>) {
    this.#introduction = introduction;
    this.#call = call;
  }

  /** @returns whether that is new */
  serve(): boolean {
    if (this.isServed) return false;
    this.isServed = true;
    this.introduce();
    return true;
  }

  /** Tells the master, unless it will be told when the session begins. */
  introduce(): void {
    const info = this.#introduction();
    if (!this.isServed || info.id === undefined) return;
    void this.#call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: info } });
  }
}

/** What a leader has of both. */
export const residencyParts = (
  clock: () => number,
  introduction: () => FrameworkInfo,
  call: (call: SchedulerCall) => Promise<boolean>,
) => ({ releases: new Releases(clock), residency: new Residency(introduction, call) });
