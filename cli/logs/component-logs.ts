import type { Clock } from '../../platform/clock.ts';
import type { ClusterRuntime, Lab, LogRequest } from '../../runtimes/cluster-runtime.ts';
import { ComponentTimes } from './component-times.ts';
import type { LogLine } from './log-line.ts';
import { unknownName } from './log-sources.ts';

/** Who has the logs of components. */
export interface ComponentsWorld {
  readonly runtime: Pick<ClusterRuntime, 'logs'>;
  readonly lab: Lab;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Parts that the lab has by now, for what is added while it is followed. */
  readonly partsNow: () => Promise<readonly string[]>;
}

/** Where lines go. */
export interface ComponentSink {
  readonly add: (line: LogLine) => void;
}

/** Between two looks for parts that are new; on machines that are asked by SSH a look may take seconds. */
const partsMs = 5000;
const pausePerLook = 20;

/** Hands over what components say. @throws UserError when there is no such part */
export async function followComponents(
  request: LogRequest,
  { runtime, lab, wallClock }: ComponentsWorld,
  { add }: ComponentSink,
): Promise<void> {
  const { ids } = request;
  if (ids.length === 0) return;
  const times = new ComponentTimes(add, wallClock);
  const caughtUp = () => {
    times.release();
    request.caughtUp?.();
  };
  const areThere = await runtime.logs(lab, { ...request, caughtUp }, (id, text, at) => {
    times.add(id, text, at);
  });
  times.release();
  if (!areThere) throw unknownName(ids.join(' '));
}

/** Follows what is added to the lab later, such as agents; until the signal of the request aborts. */
export async function followNewComponents(
  request: LogRequest,
  world: ComponentsWorld,
  sink: ComponentSink,
): Promise<void> {
  const { signal } = request;
  const known = new Set(request.ids);
  const followed: Promise<void>[] = [];
  for (let pauseMs = partsMs; !signal.aborted;) {
    try {
      await world.clock.sleep(pauseMs, signal);
    } catch {
      break;
    }
    const begun = world.clock.now();
    // While the lab is changed nobody may be able to say what it has.
    const now = await world.partsNow().catch(() => []);
    pauseMs = Math.max(partsMs, pausePerLook * (world.clock.now() - begun));
    const fresh = now.filter((id) => !known.has(id));
    if (fresh.length === 0) continue;
    for (const id of fresh) known.add(id);
    // One whose log is not there yet is tried again; one that is gone again is none that a user has named.
    const forget = () => {
      for (const id of fresh) known.delete(id);
    };
    followed.push(followComponents({ ...request, ids: fresh }, world, sink).catch(forget));
  }
  await Promise.all(followed);
}
