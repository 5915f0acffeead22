import type { PlannedComponent } from '../plan/plan.ts';
import type { Role } from './roles.ts';

/** Components by what they are, each list in the order of the plan. */
export function componentsByRole(
  components: readonly PlannedComponent[],
): ReadonlyMap<Role, readonly PlannedComponent[]> {
  const found = new Map<Role, PlannedComponent[]>();
  for (const component of components) {
    const others = found.get(component.role);
    if (others) others.push(component);
    else found.set(component.role, [component]);
  }
  return found;
}
