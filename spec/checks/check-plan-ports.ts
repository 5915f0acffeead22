import type { Plan } from '../plan.ts';
import { listWords } from '../show-value.ts';
import type { SpecProblem } from '../spec-problem.ts';
import { checkPlanNames } from './check-plan-names.ts';
import { mistake } from './mistake.ts';
import { planScopes, type Listener, type Scope } from './plan-listeners.ts';

/** A problem, and what makes it the same as another one. */
interface Clash {
  readonly key: string;
  readonly problem: SpecProblem;
}

/**
 * Finds what only a plan shows: ports that clash on a machine or in a container, ports past 65535, and services that
 * would get the same name. Paths are those of the setting that was most likely moved.
 */
export function checkPlan(plan: Plan): readonly SpecProblem[] {
  return [...unique(planScopes(plan).flatMap(clashes)), ...checkPlanNames(plan)];
}

/** Sorted by their first port, only the one that reaches furthest so far can overlap with the next. */
function clashes({ where, listeners }: Scope): readonly Clash[] {
  const problems: Clash[] = [];
  let furthest: Listener | undefined;
  for (const listener of listeners.toSorted((a, b) => a.first - b.first)) {
    if (listener.last > 65_535) problems.push({ key: listener.path.join('.'), problem: tooHigh(listener) });
    if (furthest && listener.first <= furthest.last && listener.what !== furthest.what) {
      problems.push({ key: `${furthest.what} ${listener.what}`, problem: clash(furthest, listener, where) });
    }
    if (!furthest || listener.last > furthest.last) furthest = listener;
  }
  return problems;
}

const rangeText = ({ first, last }: Listener) => (first === last ? String(first) : `${first}-${last}`);

function clash(one: Listener, other: Listener, where: string): SpecProblem {
  const { path } = one.moved && !other.moved ? one : other;
  const keys = [...new Set([path, other.path, one.path].map((key) => key.join('.')))];
  const isRange = one.first !== one.last || other.first !== other.last;
  return mistake('SPEC_PORT', path, `${one.what} and ${other.what} would both listen on port ${other.first} ${where}`, {
    found: `${rangeText(one)} and ${rangeText(other)}`,
    allowed: 'ports that nothing else on the machine uses',
    fix: `Change ${listWords(keys)}${isRange ? ', or narrow the range' : ''}`,
  });
}

const tooHigh = (listener: Listener) =>
  mistake('SPEC_PORT', listener.path, `${listener.what} would listen on port ${listener.last}`, {
    found: String(listener.last),
    allowed: '1 to 65535; further instances count up from the first one',
    fix: `Write a smaller number for ${listener.path.join('.')}`,
  });

/** The same two clash on the machine and in a container, and every further instance is too high as well. */
function unique(found: readonly Clash[]): readonly SpecProblem[] {
  const firsts = new Map<string, SpecProblem>();
  for (const { key, problem } of found) if (!firsts.has(key)) firsts.set(key, problem);
  return [...firsts.values()];
}
