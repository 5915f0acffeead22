import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { Plan } from '../plan/plan.ts';
import { listWords, pathText } from '../shape/show-value.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';
import { checkBrowserPorts } from './check-browser-ports.ts';
import { offsetThatFits, portThatFits } from './free-ports.ts';
import { checkPlanNames } from './check-plan-names.ts';
import { problem } from '../rules/rule.ts';
import { planScopes, type Listener, type Scope } from './plan-listeners.ts';

/** A problem, and what makes it the same as another one. */
interface Clash {
  readonly key: string;
  /** Asked of one that is told: it looks for ports that are free. */
  readonly problem: () => SpecProblem;
}

/** What is planned, and where a port would be free. */
interface Planned {
  readonly spec: ClusterSpec;
  readonly scopes: readonly Scope[];
  readonly portOffset: number;
}

/**
 * Finds what only a plan shows: ports that clash on a machine or in a container, ports past 65535, and services that
 * would get the same name. Paths are those of the setting that was most likely moved.
 *
 * @param spec the one that was planned
 */
export function checkPlan(plan: Plan, spec: ClusterSpec): readonly SpecProblem[] {
  // A cluster that runs already has its ports.
  if (plan.adopted !== undefined) return [];
  const scopes = planScopes(plan, spec);
  const beyond = offsetBeyond(plan, scopes);
  // Of an offset that is too large there is one thing to say.
  const planned = { spec, scopes, portOffset: plan.portOffset };
  return [
    ...(beyond ?? unique(scopes.flatMap((scope) => clashes(scope, planned)))),
    ...checkBrowserPorts(plan, planned),
    ...checkPlanNames(plan),
  ];
}

/** Sorted by their first port, only the one that reaches furthest so far can overlap with the next. */
function clashes({ where, listeners }: Scope, planned: Planned): readonly Clash[] {
  const problems: Clash[] = [];
  let furthest: Listener | undefined;
  for (const listener of listeners.toSorted((a, b) => a.first - b.first)) {
    if (listener.last > 65_535)
      problems.push({ key: listener.path.join('.'), problem: () => tooHigh(listener, planned) });
    const before = furthest;
    if (before && listener.first <= before.last && listener.what !== before.what) {
      problems.push({ key: keyOf(before, listener), problem: () => clash(before, listener, where, planned) });
    }
    if (!furthest || listener.last > furthest.last) furthest = listener;
  }
  return problems;
}

/** An offset that moves ports past 65535 which are not there without it. */
function offsetBeyond({ portOffset }: Plan, scopes: readonly Scope[]): readonly SpecProblem[] | undefined {
  const shifted = scopes.flatMap(({ listeners }) => listeners.filter((listener) => listener.isShifted));
  const highest = shifted.reduce((most, listener) => (listener.last > most.last ? listener : most), noListener);
  const largest = 65_535 - (highest.last - portOffset);
  if (portOffset === 0 || highest.last <= 65_535 || largest < 0) return undefined;
  return [
    problem(
      'SPEC_PORT',
      ['ports', 'offset'],
      `${highest.what} would listen on port ${highest.last}, and ports end at 65535`,
      {
        found: String(portOffset),
        allowed: `0 to ${largest}`,
        fix: `The largest offset that fits is ${largest}`,
      },
    ),
  ];
}

const noListener = { last: 0, what: '' };

const rangeText = ({ first, last }: Listener) => (first === last ? String(first) : `${first}-${last}`);

/** The same two keys are one problem, however many agents, containers or nodes it shows in. */
const keyOf = (...both: readonly [Listener, Listener]) =>
  both
    .map(({ path }) => path.join('.'))
    .sort()
    .join(' ');

/** Agents that have the same ports from one key. */
const isOneKey = (one: Listener, other: Listener) => one.path.join('.') === other.path.join('.');

function clash(one: Listener, other: Listener, where: string, planned: Planned): SpecProblem {
  if (one.isShifted !== other.isShifted) return offsetClash(one, other, where, planned);
  const [likely, second] = (one.moved && !other.moved && one.movable) || !other.movable ? [one, other] : [other, one];
  return problem(
    'SPEC_PORT',
    likely.path,
    `${one.what} and ${other.what} would both listen on port ${other.first} ${where}`,
    {
      found: `${rangeText(one)} and ${rangeText(other)}`,
      allowed: 'ports that nothing else on the machine uses',
      fix: isOneKey(one, other) ? sharedPorts : changeOf(planned, likely, second),
    },
  );
}

/** Ports that only an offset brings together. */
const offsetClash = (one: Listener, other: Listener, where: string, { scopes, portOffset }: Planned) =>
  problem(
    'SPEC_PORT',
    ['ports', 'offset'],
    `${one.what} and ${other.what} would both listen on port ${other.first} ${where}`,
    {
      found: `${rangeText(one)} and ${rangeText(other)}`,
      allowed: 'ports that nothing else on the machine uses',
      fix: `Take another offset, such as ${offsetThatFits(scopes, portOffset) ?? 100}`,
    },
  );

const sharedPorts = 'Leave ports out, and each agent gets a part; or list nodes, each with resources of its own';

/** What moves one of the two out of the way of the other. */
function changeOf({ scopes, spec }: Planned, ...both: readonly [Listener, Listener]): string {
  const movable = both.filter((listener) => listener.movable);
  const fixed = both.find((listener) => !listener.movable);
  if (movable.length === 0) return 'Put one of the two on another node';
  const keys = [...new Set(movable.map(({ path }) => pathText(path)))];
  const narrow = movable.some(({ first, last }) => first !== last) ? ', or narrow the range' : '';
  const fits = movable.flatMap(({ path }) => {
    const value = portThatFits(path, scopes, spec);
    return value === undefined ? [] : [`; ${pathText(path)}: ${value} fits`];
  });
  return `Change ${listWords(keys)}${narrow}${fixed ? `: ${fixed.what} cannot be moved` : ''}${fits[0] ?? ''}`;
}

const tooHigh = (listener: Listener, { scopes, spec }: Planned) =>
  problem('SPEC_PORT', listener.path, `${listener.what} would listen on port ${listener.last}`, {
    found: String(listener.last),
    allowed: '1 to 65535; further instances count up from the first one',
    fix: `Write a smaller number for ${pathText(listener.path)}${suchAs(portThatFits(listener.path, scopes, spec))}`,
  });

const suchAs = (value: string | undefined) => (value === undefined ? '' : `, such as ${value}`);

/** The same two clash on the machine and in a container, and every further instance is too high as well. */
function unique(found: readonly Clash[]): readonly SpecProblem[] {
  const firsts = new Map<string, Clash>();
  for (const each of found) if (!firsts.has(each.key)) firsts.set(each.key, each);
  return [...firsts.values()].map(({ problem: told }) => told());
}
