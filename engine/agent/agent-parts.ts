import type { AgentWorld } from './agent-options.ts';
import type { ContainerRecord, ContainerRecords } from './containers/container-records.ts';
import type { DockerContainers } from './docker/docker-containers.ts';
import type { Checkpoints } from './recovery/checkpoints.ts';
import type { FormerAgent } from './recovery/former-agent.ts';
import type { AgentView } from './views/agent-view.ts';
import type { HeldRecord } from './volumes/held-resources.ts';

/** What an agent is made of, before it runs. */
export interface AgentParts extends Pick<AgentView, 'options' | 'table' | 'resources' | 'attributes' | 'port'> {
  readonly world: AgentWorld;
  /** Missing when containers are simulated. */
  readonly docker?: DockerContainers;
  readonly checkpoints: Checkpoints;
  readonly containerRecords: ContainerRecords;
  readonly held: HeldRecord;
  /** What this agent goes on with. */
  readonly former?: FormerAgent;
  /** Of the operator API, outermost first. */
  readonly formerContainers?: readonly ContainerRecord[];
}
