import { onTestFinished } from 'vitest';
import type { Discovery } from '../../../engine/discovery/discovery.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { SimulationOptions } from '../../../engine/simulation/simulation-options.ts';
import { startSimulatedAgents } from '../../../engine/simulation/start-simulated-agents.ts';
import type { MasterOptions } from '../../../engine/master/master-options.ts';
import { eventually, startLeader } from '../master/master-for-test.ts';
import { fetchJson } from '../scheduler-client.ts';

const now = { fromMs: 0, toMs: 0 };

export const behaviour: SimulationOptions['tasks'] = { startDelay: now, crashRate: 0, crashAfter: now };

/** Simulated agents that look for a master; they end with the test. */
export async function startSimulation(masters: Discovery, more: Partial<SimulationOptions> = {}) {
  const log: string[] = [];
  const simulation = await startSimulatedAgents(
    {
      ...{ count: 3, resources: 'cpus:4;mem:1024', attributes: '', racks: 0, zones: 0, tasks: behaviour, masters },
      ...{ host: '127.0.0.1', port: 0, version: '1.12.0', registrationBackoffMs: 5, ...more },
    },
    { log: (line) => log.push(line), random: () => 0.5 },
  );
  onTestFinished(simulation.stop);
  return { ...simulation, log };
}

export const agentsOf = async (masterUrl: string) =>
  (await fetchJson(`${masterUrl}/slaves`)).slaves as readonly AgentShown[];

export interface AgentShown {
  readonly id: string;
  readonly hostname: string;
  readonly active: boolean;
}

/** Waits until so many agents are active. */
export const active = (masterUrl: string, count: number) =>
  eventually(async () => (await agentsOf(masterUrl)).filter((agent) => agent.active).length === count);

/** A real master that leads, and simulated agents that have registered. */
export async function startSimulatedCluster(
  more: Partial<SimulationOptions> = {},
  masterOptions: Partial<MasterOptions> = {},
) {
  const discovery = inMemoryDiscovery();
  const master = await startLeader({ discovery, ...masterOptions });
  const simulation = await startSimulation(discovery, more);
  await active(master.url, more.count ?? 3);
  return { discovery, master, simulation };
}
