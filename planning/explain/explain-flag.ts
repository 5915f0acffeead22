import { findFlag, type FlagProgram } from '../flag-tables/find-flag.ts';
import type { Plan } from '../plan/plan.ts';
import type { Role } from '../catalogue/roles.ts';

/** What `explain NAME` says. */
export interface Explanation {
  readonly name: string;
  /** Its values in this lab and who has them; empty when it is not set here. */
  readonly values: readonly { readonly value: string; readonly components: readonly string[] }[];
  readonly derivation: string;
  readonly source: string;
}

/** Values, and who has them. */
export type Found = readonly (readonly [value: string, component: string])[];

/** Groups components that share a value: thirty agents are one line. */
export function grouped(found: Found): Explanation['values'] {
  const byValue = new Map<string, string[]>();
  for (const [value, component] of found) {
    const others = byValue.get(value);
    if (others) others.push(component);
    else byValue.set(value, [component]);
  }
  return [...byValue].map(([value, components]) => ({ value, components }));
}

/** All components of a plan. */
export const components = (plan: Plan) => plan.nodes.flatMap((node) => node.components);

/** Where the flags of each program stand in a spec. */
const passThrough: Readonly<Partial<Record<Role, string>>> = {
  'mesos-master': 'mesos.master.flags',
  'mesos-agent': 'mesos.agent.flags',
  marathon: 'marathon.flags',
};

/** Where the user has set a variable, by components: what is passed through replaces what would be derived. */
export function passedThrough(plan: Plan, variable: string): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const { id, role, environment } of components(plan)) {
    const place = passThrough[role];
    const isAsked = environment.some(({ name, origin }) => name === variable && origin === 'spec');
    if (place === undefined || !isAsked) continue;
    places.set(place, [...(places.get(place) ?? []), id]);
  }
  return places;
}

/** What a person is told of it. */
export const passedText = (places: ReadonlyMap<string, readonly string[]>): string =>
  [...places].map(([place, ids]) => `Yours: passed through from ${place} to ${ids.join(', ')}.`).join(' ');

/** A flag that exists, and is not derived: passed through, or not set in this lab. */
export function explainFlag(plan: Plan, variable: string, found: Found): Explanation | undefined {
  if (!/^(?:MESOS|MARATHON)_/.test(variable)) return undefined;
  const programs: readonly FlagProgram[] = variable.startsWith('MARATHON_')
    ? ['marathon']
    : ['mesos-master', 'mesos-agent'];
  const flag = variable.replace(/^(?:MESOS|MARATHON)_/, '').toLowerCase();
  const known = programs.flatMap((program) => {
    const definition = findFlag(program, plan.imageSet, flag);
    return definition === undefined ? [] : [{ program, definition }];
  });
  if (known.length === 0) return undefined;
  const owners = known.map(({ program }) => program).join(' and ');
  const standard = known[0]?.definition.default;
  const places = known.map(({ program }) => passThrough[program]).join(' or ');
  const what = `A flag of ${owners}${standard === undefined ? '' : `, by default ${standard}`}`;
  return {
    name: variable,
    values: grouped(found),
    derivation:
      found.length > 0
        ? `${passedText(passedThrough(plan, variable))} ${what}.`
        : `Not set in this lab. ${what}; set it under ${places}.`,
    source: `table of the flags of image set ${plan.imageSet}`,
  };
}
