import type { ComponentPage } from '../components/component.ts';
import type { Plan } from '../plan/plan.ts';
import { componentOf, type Role } from './roles.ts';

/** What a person opens of one role. */
export interface RolePages {
  readonly page: ComponentPage;
  /** What it is called in what is printed. */
  readonly short: string;
  /** Of each of its components. */
  readonly urls: readonly string[];
}

/** The title of a role's page; add-ons that have none are called what they are. */
export const pageOf = (role: Role): ComponentPage => componentOf[role].page ?? { title: componentOf[role].title[0] };

function pagesOf(role: Role, urls: readonly string[]): RolePages {
  const page = pageOf(role);
  return { page, short: page.short ?? role, urls: urls.map((url) => `${url}${page.path ?? ''}`) };
}

/** Of the cluster itself; without what its load balancer serves. */
export const clusterPages = ({ urls }: Plan): readonly RolePages[] => [
  pagesOf('mesos-master', urls.masters),
  pagesOf('marathon', urls.marathons),
  pagesOf('marathon-lb', urls.loadBalancers),
];

export const addonPages = ({ urls }: Plan): readonly RolePages[] =>
  urls.addons.map(({ role, url }) => pagesOf(role, [url]));
