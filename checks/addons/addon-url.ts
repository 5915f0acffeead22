import type { Role } from '../../planning/catalogue/roles.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** Where the first add-on of a role is, from this machine; undefined: the lab has none that is reached from here. */
export const addonUrl = ({ urls }: Pick<Plan, 'urls'>, role: Role): string | undefined =>
  urls.addons.find((each) => each.role === role)?.url;
