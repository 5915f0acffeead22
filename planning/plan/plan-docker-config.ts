import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { PlannedDockerConfig } from './plan.ts';

/** Where agents have a file of the lab: an absolute path of the machine is the same in the container. */
const inContainer = '/etc/mesos/docker-config.json';

/** The file that agents have the credentials of private registries from; undefined where the spec names none. */
export function planDockerConfig({ mesos }: ClusterSpec): PlannedDockerConfig | undefined {
  const path = mesos?.agent?.dockerConfig;
  if (path === undefined) return undefined;
  return path.startsWith('/') ? { path, inContainer: path } : { path, inContainer };
}
