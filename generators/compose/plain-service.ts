import { addonsOf, componentOf } from '../../planning/catalogue/roles.ts';
import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import type { Yaml, YamlEntry } from '../text/yaml-text.ts';
import {
  dependsOn,
  healthyServices,
  ownHost,
  serviceOf,
  type Builder,
  type BuilderContext,
  type ComposeService,
  type Dependency,
} from './compose-service.ts';
import { healthcheck, httpProbe, paceOf } from './health-check.ts';

/** The health check of a component that answers HTTP, as it is described. */
export function componentCheck(component: PlannedComponent, plan: Plan): YamlEntry {
  const { path = '/', onLoopback, startsSlowly } = componentOf[component.role].probe ?? {};
  const host = onLoopback === true ? '127.0.0.1' : ownHost(component, plan);
  const port = component.ports[0]?.target ?? 0;
  const pace = startsSlowly === true ? 'slow start' : 'usual';
  return healthcheck(httpProbe(component.image.probe, host, port, path), paceOf(component, pace));
}

/** What a component waits for before it starts. */
export const waitedFor = (component: PlannedComponent, context: BuilderContext): readonly Dependency[] =>
  (componentOf[component.role].waitsFor ?? []).flatMap((role) => healthyServices(context, role, component));

/** What a component has that is described nowhere else. */
interface OwnParts {
  readonly published?: readonly string[];
  readonly volumes?: readonly Yaml[];
  readonly namedVolumes?: ComposeService['volumes'];
  readonly extra?: readonly (YamlEntry | undefined | false)[];
}

/** The one service of a component: what its description says, and what is its own. */
export function plainService(
  component: PlannedComponent,
  context: BuilderContext,
  { namedVolumes = [], ...own }: OwnParts = {},
): ComposeService {
  const { role } = component;
  const profiles = addonsOf(role).filter((addon) => context.plan.addons.includes(addon));
  return {
    name: component.service,
    volumes: namedVolumes,
    body: serviceOf(component, context.plan, {
      ...(profiles.length === 0 ? {} : { profiles }),
      ...own,
      dependsOn: dependsOn(waitedFor(component, context)),
      healthcheck: componentCheck(component, context.plan),
    }),
  };
}

/** Builds a component that has nothing of its own. */
export const plainServices: Builder = (component, context) => [plainService(component, context)];
