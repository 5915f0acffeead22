import type { Clock } from '../../platform/clock.ts';
import type { ClusterRuntime, Lab, LogRequest } from '../../runtimes/cluster-runtime.ts';
import type { LineOrder } from './line-order.ts';
import type { LogLine, LogSource } from './log-line.ts';
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

/** Where lines go, and what was said before. */
export interface ComponentSink {
  readonly add: (line: LogLine) => void;
  readonly order: LineOrder;
}

/** Between two looks for parts that are new; on machines that are asked by SSH a look may take seconds. */
const partsMs = 5000;
const pausePerLook = 20;

/**
 * Hands over what components say. A line without a time belongs to the one before it.
 * @throws UserError when there is no such part
 */
export async function followComponents(
  request: LogRequest,
  { runtime, lab, wallClock }: ComponentsWorld,
  { add, order }: ComponentSink,
): Promise<void> {
  const { ids } = request;
  if (ids.length === 0) return;
  const areThere = await runtime.logs(lab, request, (id, text, at) => {
    const time = at ?? order.latestOf(id);
    const timeOf = time === undefined ? 'read' : 'line';
    add({ source: componentSource(id), text, at: time ?? wallClock(), timeOf });
  });
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
    for (const id of fresh) known.add(id);
    // One that is gone again is none that a user has named.
    followed.push(followComponents({ ...request, ids: fresh }, world, sink).catch(() => undefined));
  }
  await Promise.all(followed);
}

const componentSource = (id: string): LogSource => ({ id, name: id, family: id, kind: 'component' });
