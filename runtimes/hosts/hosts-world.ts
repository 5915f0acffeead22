import type { OpenSshTunnel } from '../../platform/network/ssh-tunnel.ts';
import type { TimeConnect } from '../../platform/network/time-connect.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { DockerWorld } from '../docker/docker-world.ts';
import type { HostsRegistry } from './hosts-registry.ts';

/** The slice of the world that the runtime of several machines uses. */
export interface HostsWorld extends DockerWorld {
  readonly openTunnel: OpenSshTunnel;
  /** The Compose files that the generator writes for a plan, by the names of the nodes. */
  readonly nodeTexts: (plan: Plan) => ReadonlyMap<string, string>;
  readonly timeConnect: TimeConnect;
  /** Remembers labs for `list` and `down NAME`. */
  readonly registry: HostsRegistry;
}
