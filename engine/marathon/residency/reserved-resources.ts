import type { Labels } from '../../../protocol/labels.ts';
import type { Offer, Resource } from '../../../protocol/mesos.ts';
import type { OfferOperation } from '../../framework/scheduler-api/scheduler-call.ts';

/** Marathon's own (TaskLabels.scala): whose resources these are, in which framework. */
const frameworkLabel = 'marathon_framework_id';
const instanceLabel = 'marathon_task_id';

const reservationLabels = (frameworkId: string, instanceId: string): Labels => ({
  labels: [
    { key: frameworkLabel, value: frameworkId },
    { key: instanceLabel, value: instanceId },
  ],
});

/** What of an offer is reserved for instances of this Marathon, by their ids. */
export function reservedIn({ resources, framework_id: frameworkId }: Offer): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of resources) {
    const labels = resource.reservation?.labels?.labels ?? [];
    const valueOf = (name: string) => labels.find(({ key }) => key === name)?.value;
    const id = valueOf(instanceLabel);
    if (id === undefined || valueOf(frameworkLabel) !== frameworkId.value) continue;
    const list = found.get(id);
    if (list === undefined) found.set(id, [resource]);
    else list.push(resource);
  }
  return found;
}

export const isVolume = ({ disk }: Resource) => disk?.persistence !== undefined;

/** Gives back what was reserved for an instance, with its volumes. */
export function releaseOperations(resources: readonly Resource[]): readonly OfferOperation[] {
  const volumes = resources.filter(isVolume);
  const plain = resources.map(({ disk, ...resource }): Resource =>
    disk?.source === undefined ? resource : { ...resource, disk: { source: disk.source } },
  );
  return [
    ...(volumes.length === 0 ? [] : [{ type: 'DESTROY' as const, destroy: { volumes } }]),
    { type: 'UNRESERVE', unreserve: { resources: plain } },
  ];
}

/** Reserves for an instance what is free, and makes volumes of some of it (OfferOperationFactory.scala). */
export function reserveOperations(
  {
    frameworkId,
    instanceId,
    role,
  }: { readonly frameworkId: string; readonly instanceId: string; readonly role: string },
  resources: readonly Resource[],
  volumes: readonly { readonly disk: Resource; readonly persistenceId: string; readonly containerPath: string }[],
): readonly OfferOperation[] {
  const reservation = { labels: reservationLabels(frameworkId, instanceId) };
  const reserved = (resource: Resource): Resource => ({ ...resource, role, reservation });
  const made = volumes.map(({ disk, persistenceId, containerPath }): Resource => ({
    ...reserved(disk),
    disk: {
      ...disk.disk,
      persistence: { id: persistenceId },
      volume: { container_path: containerPath, mode: 'RW' },
    },
  }));
  return [
    { type: 'RESERVE', reserve: { resources: [...resources, ...volumes.map(({ disk }) => disk)].map(reserved) } },
    { type: 'CREATE', create: { volumes: made } },
  ];
}
