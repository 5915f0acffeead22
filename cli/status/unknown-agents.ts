import { clusterClient } from '../../checks/cluster-client.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';

const timeoutMs = 3000;

/** Agents that the masters of a lab have and its description has not. */
export async function unknownAgents(
  { target }: Pick<RunningLab, 'target'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const client = clusterClient(target.hosts);
  const known = new Set(target.expected?.agents.map(({ hostname, port }) => `${hostname}:${String(port)}`));
  for (const master of target.masters) {
    try {
      const { json, status } = await client.ask(`${master}/slaves`, signal, { timeoutMs });
      if (status !== 200) continue;
      return listAt(json, 'slaves')
        .map((agent) => `${textAt(agent, 'hostname') ?? ''}:${String(numberAt(agent, 'port') ?? 5051)}`)
        .filter((name) => !known.has(name));
    } catch {
      signal.throwIfAborted();
    }
  }
  return [];
}
