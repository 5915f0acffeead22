import type { OpenSshTunnel } from '../../platform/network/ssh-tunnel.ts';
import type { StreamingCommands } from '../../platform/processes/streaming-commands.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { DockerWorld } from '../docker/docker-world.ts';

/** The slice of the world that the runtime of several machines uses. */
export interface HostsWorld extends DockerWorld {
  readonly streams: StreamingCommands;
  readonly openTunnel: OpenSshTunnel;
  /** The Compose files that the generator writes for a plan, by the names of the nodes. */
  readonly nodeTexts: (plan: Plan) => ReadonlyMap<string, string>;
  /** Remembers labs for `list` and `down NAME`. */
  readonly registry: {
    readonly add: (directory: string) => void;
    readonly remove: (directory: string) => void;
  };
}
