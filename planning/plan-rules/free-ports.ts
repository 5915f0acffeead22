import { servicePorts } from '../components/marathon-lb.ts';
import { defaultPorts, type Role } from '../catalogue/roles.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { SpecPath } from '../shape/spec-problem.ts';
import { isRefusedByBrowsers } from '../values/browser-ports.ts';
import type { Listener, Scope } from './plan-listeners.ts';

/** So often two listeners are compared at most for one number; of a lab with more no free port is looked for. */
const mostPairs = 10_000;
const steps = Array.from({ length: 300 }, (_, index) => 100 + index);

/**
 * What a key under `ports` may be, so that nothing clashes any more: `8180`, or `10100-10120`.
 * @returns undefined where it is no such key, or nothing fits
 */
export function portThatFits(path: SpecPath, scopes: readonly Scope[], { ports = {} }: ClusterSpec) {
  const [top, key] = path;
  if (top !== 'ports' || typeof key !== 'string' || key === 'offset') return undefined;
  const isRange = key === 'services';
  const [first = 0, last = 0] = isRange
    ? (ports.services ?? `${servicePorts.usual}-${servicePorts.usualLast}`).split('-').map(Number)
    : [ports[key as Role] ?? usualOf(key)];
  const usual = isRange ? servicePorts.usual : usualOf(key);
  const candidates = [usual - first, ...steps, ...steps.map((step) => usual + step - first)];
  const isMoved = (listener: Listener) => listener.movable && listener.path.join('.') === path.join('.');
  const step = stepThatFits(scopes, isMoved, candidates);
  if (step === undefined) return undefined;
  return isRange ? `${first + step}-${last + step}` : String(first + step);
}

/** What is published only where the spec says so is so behind the ports of its role. */
const usualOf = (key: string): number =>
  key in defaultPorts ? defaultPorts[key as Role] : defaultPorts['marathon-lb'];

/** The smallest offset in hundreds with which nothing clashes. */
export function offsetThatFits(scopes: readonly Scope[], portOffset: number): number | undefined {
  const hundreds = Array.from({ length: 100 }, (_, index) => 100 * (index + 1) - portOffset);
  const step = stepThatFits(scopes, ({ isShifted }) => isShifted, hundreds);
  return step === undefined ? undefined : portOffset + step;
}

/** The first of these numbers that some listeners can be moved by, out of the way of all others. */
function stepThatFits(
  scopes: readonly Scope[],
  isMoved: (listener: Listener) => boolean,
  candidates: readonly number[],
): number | undefined {
  const parts = scopes.map(({ listeners }) => ({
    moved: listeners.filter(isMoved),
    others: listeners.filter((listener) => !isMoved(listener)),
  }));
  if (parts.reduce((pairs, { moved, others }) => pairs + moved.length * others.length, 0) > mostPairs) return undefined;
  return candidates.find((by) =>
    parts.every(({ moved, others }) =>
      moved.every(({ first, last, what }) => {
        const isPort = first + by > 0 && last + by <= 65_535 && !isRefusedByBrowsers(first + by);
        return isPort && !others.some((other) => overlap(first + by, last + by, other) && other.what !== what);
      }),
    ),
  );
}

const overlap = (first: number, last: number, other: Listener) => first <= other.last && other.first <= last;
