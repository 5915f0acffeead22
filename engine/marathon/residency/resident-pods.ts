import { rule, type BrokenRule } from '../marathon-error.ts';
import type { UnversionedPod } from '../pods/pod-spec.ts';
import { wantedPodPorts } from '../pods/pod-endpoints.ts';
import { isResident, persistentVolumes } from './resident.ts';
import { mountErrors, persistentErrors, roleChangeErrors } from './validate-residency.ts';

/* Pods that keep data (PodsValidation.scala of Marathon). */

/** What is wrong with one. */
export function residentPodErrors(spec: UnversionedPod): readonly BrokenRule[] {
  if (!isResident(spec)) return [];
  const { pod, acceptedResourceRoles: roles = ['*'], upgradeStrategy, unreachableStrategy } = spec;
  const names = new Set(persistentVolumes(spec).map(({ containerPath }) => containerPath));
  const { maximumOverCapacity: over } = upgradeStrategy;
  return [
    ...(pod.volumes ?? []).flatMap(({ persistent }, index) =>
      persistent === undefined ? [] : persistentErrors(persistent, `/volumes(${index})/persistent`),
    ),
    ...pod.containers.flatMap(({ volumeMounts = [] }, container) =>
      volumeMounts.flatMap(({ name, mountPath }, index) =>
        names.has(name) ? mountErrors(mountPath, `/containers(${container})/volumeMounts(${index})/mountPath`) : [],
      ),
    ),
    ...rule(
      roles.length === 1 && roles[0] === '*',
      '/scheduling/placement/acceptedResourceRoles',
      'A resident pod must have `acceptedResourceRoles = ["*"]`.',
    ),
    ...rule(over === 0, '/scheduling/upgrade/maximumOverCapacity', `got ${over}, expected 0.0`),
    ...rule(
      unreachableStrategy === 'disabled',
      '/',
      'unreachableStrategy must be disabled for pods with persistent volumes',
    ),
  ];
}

const portsOf = ({ pod }: UnversionedPod) => JSON.stringify([...wantedPodPorts(pod)].sort());
const volumesOf = (spec: UnversionedPod) => JSON.stringify(persistentVolumes(spec));

/**
 * What may not become of one (PodsValidation.residentUpdateIsValid).
 * @param isForced whoever asks knows what a change of the role means
 */
export function residentPodUpdateErrors(
  from: UnversionedPod,
  to: UnversionedPod,
  isForced: boolean,
): readonly BrokenRule[] {
  if (!isResident(from) && !isResident(to)) return [];
  const unchanged = (what: string) => `${what} cannot be updated if a pod has persistent volumes`;
  return [
    ...roleChangeErrors(from, to, isForced),
    ...rule(volumesOf(from) === volumesOf(to), '/', 'persistent volumes cannot be updated'),
    ...(['cpus', 'mem', 'disk', 'gpus'] as const).flatMap((name) =>
      rule(from[name] === to[name], '/', unchanged(name)),
    ),
    ...rule(portsOf(from) === portsOf(to), '/', unchanged('host ports')),
  ];
}
