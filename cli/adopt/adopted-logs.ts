import type { ClusterClient } from '../../checks/cluster-client.ts';
import { numberAt, textAt } from '../../protocol/json.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { followTexts, type GrowingText } from '../../runtimes/follow-text.ts';
import { adoptedCluster, type AdoptedCluster } from './adopted-lab.ts';
import { isOn, textOf } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { logPrinter } from '../printing/log-source.ts';
import { openLab, planOfLab } from '../lab/open-lab.ts';
import { outputsOf } from '../commands/logs.ts';

const defaultTail = 100;
/** At the end of a log: Mesos reads at most 16 pages at once. */
const endBytes = 60_000;

/** Logs that Mesos serves under these names when it was started with --log_dir (Mesos, Files: `/master/log`). */
const logPaths = { 'mesos-master': '/master/log', 'mesos-agent': '/slave/log' } as const;

/** `logs` of a cluster that somebody else runs: what can be read over HTTP. */
export const adoptedLogs: Command = async (context, line) => {
  const cluster = adoptedCluster(await planOfLab(context, line, openLab(context, line)));
  const components = logsOf(cluster, context.signal);
  const all = line.positionals.length === 0;
  const chosen = all ? components : components.filter(({ id }) => line.positionals.includes(id));
  const readable = (await Promise.all(chosen.map(async (log) => ((await log.exists()) ? [log.text] : [])))).flat();
  const silent = chosen.filter(({ id }) => !readable.some((text) => text.id === id)).map(({ id }) => id);
  if (silent.length > 0) {
    context.stderr.write(
      `Not to be read over HTTP: ${silent.join(', ')} (Mesos serves its log when it runs with --log_dir).\n`,
    );
  }
  const names = line.positionals.filter((name) => !components.some(({ id }) => id === name));
  const texts = [...readable, ...(await tasksOf(context, cluster, names))];
  if (texts.length === 0) throw nothingToRead(cluster, line.positionals);
  const how = {
    tail: Number(textOf(line, 'tail') ?? defaultTail),
    follow: isOn(line, 'follow'),
    clock: systemClock,
    signal: context.signal,
  };
  const print = logPrinter(
    texts.map(({ id }) => id),
    context.stdout,
  );
  await followTexts(texts, how, print);
  return exitCodes.ok;
};

async function tasksOf(context: Context, { target }: AdoptedCluster, names: readonly string[]) {
  return (await Promise.all(names.map((name) => outputsOf(context, target, name)))).flat();
}

function nothingToRead({ plan }: AdoptedCluster, names: readonly string[]): UserError {
  return new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `Nothing of ${plan.name} can be read over HTTP`,
    ...(names.length === 0 ? {} : { found: names.join(' ') }),
    allowed: 'masters and agents with --log_dir, applications, and tasks',
    fix: 'create-mesos-cluster status lists the applications; the other logs are on the machines',
  });
}

interface ComponentLog {
  readonly id: string;
  readonly text: GrowingText;
  readonly exists: () => Promise<boolean>;
}

function logsOf({ plan, client }: AdoptedCluster, signal: AbortSignal): readonly ComponentLog[] {
  return (['mesos-master', 'mesos-agent'] as const).flatMap((role) => {
    const urls = role === 'mesos-master' ? plan.urls.masters : plan.urls.agents;
    const components = plan.nodes.flatMap((node) => node.components.filter((each) => each.role === role));
    return components.flatMap(({ id }, index) => {
      const url = urls[index];
      return url === undefined ? [] : [remoteLog(id, `${url}/files/read`, logPaths[role], client, signal)];
    });
  });
}

function remoteLog(id: string, url: string, path: string, client: ClusterClient, signal: AbortSignal): ComponentLog {
  const read = async (offset: number) => {
    const query = new URLSearchParams({ path, offset: String(offset) });
    try {
      const { status, json } = await client.ask(`${url}?${query.toString()}`, signal, { followRedirects: false });
      return status === 200 ? json : undefined;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
  // An offset of -1 asks for the size alone.
  const size = async () => numberAt(await read(-1), 'offset');
  const readFrom: GrowingText['readFrom'] = async (offset) => {
    const end = await size();
    if (end === undefined) return undefined;
    let next = offset === 0 || offset > end ? Math.max(0, end - endBytes) : offset;
    let all = '';
    while (next < end) {
      const data = textAt(await read(next), 'data') ?? '';
      if (data === '') break;
      all += data;
      next += Buffer.byteLength(data);
    }
    return { text: offset === 0 && end > endBytes ? all.slice(all.indexOf('\n') + 1) : all, next };
  };
  return { id, text: { id, readFrom }, exists: async () => (await size()) !== undefined };
}
