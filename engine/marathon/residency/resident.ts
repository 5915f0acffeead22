import type { Container, PersistentVolumeInfo } from '../../../protocol/marathon.ts';
import type { PodTemplate } from '../../../protocol/marathon/pods.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { defaultRole, type RoleSettings } from '../apps/roles.ts';
import type { Instance } from '../scheduling/instances.ts';

/** AppPersistentVolume of Marathon's RAML, complete. */
export interface PersistentVolume {
  readonly containerPath: string;
  readonly mode: 'RW';
  readonly persistent: PersistentVolumeInfo;
}

/** An app or a pod, as far as it decides about volumes. */
interface VolumeUser {
  readonly container?: Container;
  readonly pod?: Pick<PodTemplate, 'volumes'>;
}

/** Nothing can be reserved for `*`: in its place there is this role, as if `mesos_role` had named it. */
const roleForReservations = 'marathon';

/** @param otherwise the role of services that keep no data */
export const residentRole = (otherwise: string): string =>
  otherwise === defaultRole ? roleForReservations : otherwise;

/** Which roles a service may have that keeps data. */
export const residentRoles = ({ allowed, otherwise }: RoleSettings): readonly string[] => [
  ...new Set([...allowed.filter((role) => role !== defaultRole), residentRole(otherwise)]),
];

const isPersistent = (volume: unknown): volume is PersistentVolume =>
  typeof volume === 'object' && volume !== null && 'persistent' in volume;

/** Those of a pod are in the sandbox of its executor, by their names (TaskGroupBuilder.scala of Marathon). */
export const persistentVolumes = ({ container, pod }: VolumeUser): readonly PersistentVolume[] => [
  ...(container?.volumes ?? ([] as readonly unknown[])).filter(isPersistent),
  ...(pod?.volumes ?? []).flatMap(({ name: containerPath, persistent }) =>
    persistent === undefined ? [] : { containerPath, mode: 'RW' as const, persistent },
  ),
];

/** Its instances keep their data: each stays on its agent. */
export const isResident = (app: VolumeUser): boolean => persistentVolumes(app).length > 0;

/** Fills in what a definition leaves open of its persistent volumes (AppConversion.scala of Marathon). */
export const completeVolumes = (container: Container): Container => ({
  ...container,
  volumes: (container.volumes as readonly unknown[]).map((volume) => {
    if (!isPersistent(volume)) return volume as Json;
    // It may lack both still.
    const given: object = volume.persistent;
    const persistent = { type: 'root', constraints: [], ...given };
    return { mode: 'RW', ...(volume as object), persistent };
  }),
});

/** An instance that has resources and volumes, and no task now. */
export const isReserved = ({ condition }: Pick<Instance, 'condition'>): boolean => condition === 'Reserved';

const isFirst = ({ taskId }: { readonly taskId: string }) => taskId.endsWith('.0');

/** Whether it has never had a task. */
export const isUnused = (instance: Instance): boolean =>
  isReserved(instance) && (instance.containers === undefined ? isFirst(instance) : instance.containers.every(isFirst));

/** How many tasks there were in a row, of the instance or of each of its containers. */
export const incarnationOf = ({ taskId, containers: [first] = [] }: Instance): number =>
  Number((first?.taskId ?? taskId).replace(/.*\./, ''));

/** What is left of an instance whose task has ended. */
export function parked(instance: Instance): Instance {
  const { startedAt: _started, unreachableSince: _since, mesosHealthy: _healthy, ...rest } = instance;
  return { ...rest, condition: 'Reserved', goal: 'Running' };
}
