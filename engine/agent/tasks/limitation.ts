import type { Resource } from '../../../protocol/mesos.ts';

/** Why a container is ended: it has used something up (ContainerLimitation of mesos/slave/containerizer.proto). */
export interface Limitation {
  readonly resources: readonly Resource[];
  readonly message: string;
  readonly reason: 'REASON_CONTAINER_LIMITATION_DISK';
}
