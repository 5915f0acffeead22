import type { App } from '../../../protocol/marathon.ts';
import type { Pod, PodResources, PodTemplate } from '../../../protocol/pods.ts';

/**
 * A pod among the apps. What says how many instances there are and where, and how they are replaced, is where an app
 * has it, so pods are deployed, launched, killed and saved as apps are (RunSpec of Marathon); `pod` is what their
 * instances are made of.
 */
export interface PodSpec extends App {
  readonly pod: PodTemplate;
}

export const isPod = (app: Omit<App, 'version' | 'versionInfo'>): app is PodSpec => 'pod' in app;

/** What is in a list besides pods. */
export const withoutPods = (apps: readonly App[]): readonly App[] => apps.filter((app) => !isPod(app));

export type UnversionedPod = Omit<PodSpec, 'version' | 'versionInfo'>;

/** @param pod in canonical form, whatever its version */
export function podSpec({ id, scaling, scheduling, role, ...more }: Omit<Pod, 'version'>): UnversionedPod {
  const { backoff, upgrade, placement, killSelection, unreachableStrategy } = scheduling;
  const { constraints = [], acceptedResourceRoles } = placement ?? {};
  return {
    ...{ id, role, killSelection, unreachableStrategy },
    instances: scaling.instances,
    backoffSeconds: backoff.backoff,
    backoffFactor: backoff.backoffFactor,
    maxLaunchDelaySeconds: backoff.maxLaunchDelay,
    upgradeStrategy: upgrade,
    ...(constraints.length === 0
      ? {}
      : {
          constraints: constraints.map(({ fieldName, operator, value }) =>
            value === undefined ? [fieldName, operator] : [fieldName, operator, value],
          ),
        }),
    ...(acceptedResourceRoles === undefined ? {} : { acceptedResourceRoles }),
    ...totalResources(more),
    // Of apps only.
    ...{ executor: '', labels: {}, networks: [], requirePorts: false },
    pod: more,
  };
}

/** What an instance takes of an agent: for all containers, and for the executor that runs them. */
function totalResources({ containers, executorResources }: PodTemplate): PodResources {
  const sum = (name: keyof PodResources) =>
    containers.reduce(
      (total, { resources }) => total + thousandths(resources[name]),
      thousandths(name === 'gpus' ? 0 : executorResources[name]),
    ) / 1000;
  return { cpus: sum('cpus'), mem: sum('mem'), disk: sum('disk'), gpus: sum('gpus') };
}

/** Mesos counts so, and decimal fractions add up. */
const thousandths = (value: number) => Math.round(value * 1000);

/** The pod in the form in which the API shows it. */
export function podOf(spec: PodSpec): Pod {
  const { constraints = [], acceptedResourceRoles } = spec;
  const placement = {
    ...(constraints.length === 0
      ? {}
      : {
          constraints: constraints.map(([fieldName = '', operator = '', value]) => ({
            ...{ fieldName, operator },
            ...(value === undefined ? {} : { value }),
          })),
        }),
    ...(acceptedResourceRoles === undefined ? {} : { acceptedResourceRoles }),
  };
  return {
    id: spec.id,
    version: spec.version,
    ...spec.pod,
    scaling: { kind: 'fixed', instances: spec.instances },
    scheduling: {
      backoff: {
        backoff: spec.backoffSeconds,
        backoffFactor: spec.backoffFactor,
        maxLaunchDelay: spec.maxLaunchDelaySeconds,
      },
      upgrade: spec.upgradeStrategy,
      ...(Object.keys(placement).length === 0 ? {} : { placement }),
      killSelection: spec.killSelection,
      unreachableStrategy: spec.unreachableStrategy,
    },
    role: spec.role,
  };
}

/** Whether some container of the pod is looked after. */
export const hasHealthChecks = ({ pod }: PodSpec) =>
  pod.containers.some(({ healthCheck }) => healthCheck !== undefined);
