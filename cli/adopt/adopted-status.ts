import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { adoptedCluster, type AdoptedCluster } from './adopted-lab.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { lookAtLab, type LabStatus } from '../status/lab-status.ts';
import { openLab, planOfLab } from '../lab/open-lab.ts';
import { openedUrls } from '../running/print-running.ts';
import { appTables, componentTable } from '../status/status-text.ts';

const watchMs = 1000;
const timeoutMs = 3000;

/** `status` of a cluster that somebody else runs. Exit code 5 when a part of the description does not do what it should. */
export const adoptedStatus: Command = async (context, line) => {
  const cluster = adoptedCluster(await planOfLab(context, line, openLab(context, line)));
  if (!isOn(line, 'watch')) return show(context, line, cluster, '');
  const clear = context.stdout.isTerminal ? '\u001b[H\u001b[2J' : '';
  for (;;) {
    try {
      await show(context, line, cluster, clear);
      await systemClock.sleep(watchMs, context.signal);
    } catch (error) {
      if (context.signal.aborted) return exitCodes.interrupted;
      throw error;
    }
  }
};

async function show({ stdout, signal }: Context, line: CommandLine, cluster: AdoptedCluster, before: string) {
  const { plan, target } = cluster;
  const [seen, strangers] = await Promise.all([
    lookAtLab({ plan, target, parts: [] }, signal),
    unknownAgents(cluster, signal),
  ]);
  const running = seen.components.some(({ role, ok }) => role === 'mesos-master' && ok);
  const { components, apps, tasks } = seen;
  const data = {
    running,
    name: plan.name,
    adopted: true,
    urls: openedUrls(plan),
    components,
    unknownAgents: strangers,
    apps,
    tasks,
  };
  stdout.write(
    `${before}${isOn(line, 'json') ? `${JSON.stringify(data, undefined, 2)}\n` : text(plan.name, seen, strangers)}`,
  );
  return components.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.notReady;
}

function text(name: string, seen: LabStatus, strangers: readonly string[]): string {
  const note =
    strangers.length === 0
      ? []
      : [
          `Agents that have come since it was adopted: ${strangers.join(', ')}. adopt --force describes the cluster anew.\n`,
        ];
  return [
    `Cluster ${name} (adopted: somebody else runs it).\n`,
    componentTable(seen),
    ...note,
    ...appTables(seen),
  ].join('\n');
}

/** Agents that the masters have and the description has not. */
async function unknownAgents({ target, client }: AdoptedCluster, signal: AbortSignal): Promise<readonly string[]> {
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
