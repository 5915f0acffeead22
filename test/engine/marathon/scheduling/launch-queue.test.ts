import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppRepository } from '../../../../engine/marathon/apps/app-repository.ts';
import type { SharedParts } from '../../../../engine/marathon/leadership/shared-parts.ts';
import { LaunchDelays } from '../../../../engine/marathon/scheduling/launch-delays.ts';
import { LaunchQueue } from '../../../../engine/marathon/scheduling/launch-queue.ts';
import { newTimestamps } from '../../../../engine/marathon/timestamps.ts';
import type { App } from '../../../../protocol/marathon.ts';
import { trials } from '../../../support/trials.ts';

const ids = ['/a', '/b', '/c'];
const appOf = (id: string) =>
  ({
    ...{ id, version: 'v', versionInfo: { lastConfigChangeAt: 'v', lastScalingAt: 'v' } },
    ...{ backoffSeconds: 1, backoffFactor: 2, maxLaunchDelaySeconds: 60 },
  }) as App;

/** All apps are looked at every time: how it was when there were few of them. */
class FormerQueue {
  readonly #counts = new Map<string, number>();
  readonly #until: (id: string) => number;
  readonly #clock: () => number;
  #revivedFor = new Map<string, number>();

  constructor(until: (id: string) => number, clock: () => number) {
    this.#until = until;
    this.#clock = clock;
  }

  set(id: string, count: number): void {
    if (count <= 0) this.#counts.delete(id);
    else this.#counts.set(id, count);
  }

  ready = () => [...this.#counts.keys()].filter((id) => this.#until(id) <= this.#clock());

  nextReadyInMs(): number | undefined {
    const waits = [...this.#counts.keys()].map((id) => this.#until(id) - this.#clock()).filter((wait) => wait > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  needsRevive(): boolean {
    const wanted = new Map(this.ready().map((id) => [id, this.#counts.get(id) ?? 0]));
    const isMore = [...wanted].some(([id, count]) => count > (this.#revivedFor.get(id) ?? 0));
    this.#revivedFor = wanted;
    return isMore;
  }

  forgetRevives(): void {
    this.#revivedFor.clear();
  }
}

const id = fc.constantFrom(...ids);
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), id, count: fc.nat({ max: 3 }) }),
  // The reconciler sets an app whose task has ended.
  fc.record({ kind: fc.constant('fail' as const), id, count: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('reset' as const), id }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 1000, 5000) }),
  fc.record({ kind: fc.constant('ask' as const) }),
  fc.record({ kind: fc.constant('ask' as const) }),
  fc.record({ kind: fc.constant('forget' as const) }),
);

test('whatever happens, looking at what has changed says what looking at all apps would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = 1_800_000_000_000;
      const clock = () => now;
      const delays = new LaunchDelays(clock);
      const apps = new AppRepository(ids.map((each) => ({ versions: [appOf(each)] })));
      const queue = new LaunchQueue({
        clock,
        delays,
        apps,
        timestamps: newTimestamps(clock),
      } as unknown as SharedParts);
      const former = new FormerQueue((each) => delays.until(appOf(each)), clock);
      for (const each of steps) {
        if (each.kind === 'wait') now += each.ms;
        if (each.kind === 'reset') delays.reset(each.id);
        if (each.kind === 'fail') delays.add(appOf(each.id));
        if (each.kind === 'set' || each.kind === 'fail')
          for (const one of [queue, former]) one.set(each.id, each.count);
        if (each.kind === 'forget') for (const one of [queue, former]) one.forgetRevives();
        if (each.kind === 'ask') expect(queue.needsRevive()).toBe(former.needsRevive());
        expect(queue.nextReadyInMs()).toBe(former.nextReadyInMs());
        expect(queue.ready().map((app) => app.id)).toEqual(former.ready());
        expect(queue.hasReady()).toBe(former.ready().length > 0);
      }
    }),
    { numRuns: trials('PROPERTY_RUNS', { usual: 250, thorough: 1000 }) },
  );
});
