import type { GeneratedFile } from '../../generators/generated-file.ts';
import type { Clock } from '../../platform/clock.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import type { FindPortHolder } from '../../platform/network/port-holder.ts';
import type { FreeSpace } from '../../platform/files/free-space.ts';
import type { RunCommand } from '../../platform/processes/run-command.ts';
import type { StreamingCommands } from '../../platform/processes/streaming-commands.ts';
import type { TryPort } from '../../platform/network/try-port.ts';
import type { ComposePackage } from './compose/compose-package.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** The slice of the world that the Docker runtime uses. */
export interface DockerWorld {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly runCommand: RunCommand;
  readonly streams: StreamingCommands;
  /** The docker-compose package, if it is not the real one. */
  readonly loadCompose?: () => Promise<ComposePackage>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: a folder that is there. */
  readonly cwd: string;
  /** Absolute: the files of this program, which images are built from. */
  readonly toolFolder: string;
  /** Ends every question; what cleans up does not heed it. */
  readonly signal: AbortSignal;
  readonly tryPort: TryPort;
  readonly findPortHolder: FindPortHolder;
  readonly freeSpace: FreeSpace;
  /** Whether the user has a terminal, for `docker exec`. */
  readonly hasTerminal: () => boolean;
  /** What the spec of a lab says, for containers that were not started by us. */
  readonly planOf: (directory: string) => Promise<Plan>;
  /** The Compose file that the generator writes for a plan, and what containers read of the lab beside it. */
  readonly composeFiles: (plan: Plan) => readonly GeneratedFile[];
}
