import type { App } from '../../../protocol/marathon.ts';
import type { Pod, PodResources, PodTemplate } from '../../../protocol/marathon/pods.ts';

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
    // For all containers, and for the executor that runs them.
    ...sumOf([more.executorResources, ...more.containers.map(({ resources }) => resources)]),
    // Of apps only.
    ...{ executor: '', labels: {}, networks: [], requirePorts: false },
    pod: more,
  };
}

/** In thousandths, as Mesos counts: so decimal fractions add up. */
export function sumOf(parts: readonly Partial<PodResources>[]): PodResources {
  const sum = (name: keyof PodResources) =>
    parts.reduce((total, each) => total + Math.round((each[name] ?? 0) * 1000), 0) / 1000;
  return { cpus: sum('cpus'), mem: sum('mem'), disk: sum('disk'), gpus: sum('gpus') };
}

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
