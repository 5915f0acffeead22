import type { PartAction } from '../../cluster-runtime.ts';
import { controlServices, type ComposeProject } from '../compose/compose-project.ts';
import { healAgent, partitionAgent, type MasterAddress } from '../agents/partition.ts';
import { hasLostNetwork, startAnew } from '../start/lost-network.ts';
import type { LabContainer } from './lab-containers.ts';

interface Control {
  readonly action: PartAction;
  readonly signal: AbortSignal;
  /** Everything that the project has on its Engine. */
  readonly all: readonly LabContainer[];
  /** Where agents reach masters; the containers of masters on this Engine are looked up. */
  readonly masters: () => Promise<readonly MasterAddress[]>;
}

const runs: ReadonlySet<string> = new Set(['running', 'restarting', 'paused', 'partitioned']);

/** Whether a container runs, stands still, or is cut off: what was stopped or killed does not. */
export const isUp = ({ state }: Pick<LabContainer, 'state'>): boolean => runs.has(state);

/**
 * Does something with containers of a project. What was killed stays down: Docker takes `docker kill` for a stop by hand,
 * which `restart: unless-stopped` respects (container.HasBeenManuallyStopped of moby).
 * @param chosen none: all
 */
export async function controlContainers(
  project: ComposeProject,
  chosen: readonly LabContainer[],
  { action, signal, all, masters }: Control,
): Promise<void> {
  const { engine } = project;
  const named = chosen.length === 0 ? all : chosen;
  const tell = async (verb: string, containers: readonly LabContainer[]) => {
    if (containers.length === 0) return;
    await engine.ask([verb, ...containers.map(({ containerId }) => containerId)], { signal });
  };
  const agents = named.filter(({ role }) => role === 'mesos-agent');
  const heal = () =>
    Promise.all(agents.filter(({ state }) => state === 'partitioned').map((agent) => healAgent(engine, agent, signal)));
  switch (action) {
    case 'stop':
      await controlServices(project, 'stop', services(chosen), signal);
      return;
    case 'start':
      await tell(
        'unpause',
        named.filter(({ state }) => state === 'paused'),
      );
      await heal();
      if (await hasLostNetwork(engine, named, signal)) await startAnew(project, services(chosen), signal);
      else await controlServices(project, 'start', services(chosen), signal);
      return;
    case 'kill':
    case 'unplug':
      await tell('kill', named.filter(isUp));
      return;
    case 'pause':
      await tell(
        'pause',
        named.filter(({ state }) => state === 'running' || state === 'partitioned'),
      );
      return;
    case 'partition': {
      const to = await masters();
      for (const agent of agents) await partitionAgent(engine, { agent, all, masters: to, signal });
      return;
    }
    case 'heal':
      await heal();
  }
}

const services = (containers: readonly LabContainer[]) => containers.map(({ id }) => id);
