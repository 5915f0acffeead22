import { hostInUrl } from '../../../protocol/host-in-url.ts';
import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { Measure } from '../../../protocol/exposition.ts';
import type { KnownAgent } from '../metrics-targets.ts';

/** GET_AGENTS of the operator API (master.proto), those that were there before the master led among them. */
export function agentsOf(answer: unknown): readonly KnownAgent[] {
  const recovered = listAt(answer, 'get_agents', 'recovered_agents').map((info) => agentOf(info, undefined, false));
  return [
    ...listAt(answer, 'get_agents', 'agents').map((agent) =>
      agentOf(valueAt(agent, 'agent_info'), textAt(agent, 'pid'), valueAt(agent, 'active') === true),
    ),
    ...recovered,
  ];
}

function agentOf(info: unknown, pid: string | undefined, isActive: boolean): KnownAgent {
  const [hostname, port] = [textAt(info, 'hostname') ?? '', numberAt(info, 'port') ?? 5051];
  const name = `${hostInUrl(hostname)}:${port}`;
  // `slave(1)@10.0.0.5:5051`
  const [, address = name] = /@(.+)$/.exec(pid ?? '') ?? [];
  return { name, url: `http://${address}`, id: textAt(info, 'id', 'value') ?? '', isActive };
}

const active = {
  name: 'mesos_agent_active',
  kind: 'gauge',
  help: 'Whether the leading master sends offers of the agent.',
} as const;

export const agentMeasures = (agents: readonly KnownAgent[]): readonly Measure[] =>
  agents.map(({ name, id, isActive }) => ({
    family: active,
    labels: { agent: name, agent_id: id },
    value: isActive ? 1 : 0,
  }));
