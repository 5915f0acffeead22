import type { App, Container } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { Instance } from '../scheduling/instances.ts';

/** AppPersistentVolume of Marathon's RAML, complete. */
export interface PersistentVolume {
  readonly containerPath: string;
  readonly mode: 'RW';
  readonly persistent: {
    readonly type: 'root' | 'path' | 'mount';
    /** MiB. */
    readonly size: number;
    /** Of a disk of type mount, which is taken as a whole. */
    readonly maxSize?: number;
    /** What the path of the disk must be like. */
    readonly constraints: readonly (readonly string[])[];
  };
}

/** Nothing can be reserved for `*`: resident apps have this role, as with `--mesos_role` of Marathon. */
export const residentRole = 'marathon';

const isPersistent = (volume: unknown): volume is PersistentVolume =>
  typeof volume === 'object' && volume !== null && 'persistent' in volume;

export const persistentVolumes = ({ container }: { readonly container?: Container }): readonly PersistentVolume[] =>
  (container?.volumes ?? ([] as readonly unknown[])).filter(isPersistent);

/** Its instances keep their data: each stays on its agent. */
export const isResident = (app: Pick<App, 'container'>): boolean => (app.container?.volumes ?? []).some(isPersistent);

/** Fills in what a definition leaves open of its persistent volumes (AppConversion.scala of Marathon). */
export const completeVolumes = (container: Container): Container => ({
  ...container,
  volumes: (container.volumes as readonly unknown[]).map((volume) => {
    if (!isPersistent(volume)) return volume as Json;
    const persistent = { type: 'root', constraints: [], ...(volume.persistent as object) };
    return { mode: 'RW', ...(volume as object), persistent };
  }),
});

/** An instance that has resources and volumes, and no task now. */
export const isReserved = ({ condition }: Pick<Instance, 'condition'>): boolean => condition === 'Reserved';

/** Whether it has never had a task. */
export const isUnused = (instance: Instance): boolean => isReserved(instance) && instance.taskId.endsWith('._app.0');

/** The next one of an instance: `…._app.2` after `…._app.1`. */
export const nextTaskId = (taskId: string): string =>
  taskId.replace(/\d+$/, (incarnation) => String(Number(incarnation) + 1));

/** What is left of an instance whose task has ended. */
export function parked(instance: Instance): Instance {
  const { startedAt: _started, unreachableSince: _since, mesosHealthy: _healthy, ...rest } = instance;
  return { ...rest, condition: 'Reserved', goal: 'Running' };
}
