import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../errors/user-error.ts';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import type { LogRequest, OnLogLine } from '../../cluster-runtime.ts';
import { failureWords, lastLines, type DockerEngine } from '../docker-engine.ts';
import { labContainers, ofLab } from './lab-containers.ts';

/** Between the end of all that is followed and the next look at it. */
const pauseMs = 500;

const awayMs = 120_000;

/** What there is of logs is read within this time. */
const readMs = 120_000;

/** A machine's clock may be so much behind this one's. */
const skewMs = 600_000;

/** `agent1-docker-1  | 2026-11-30T05:47:02.123456789Z text`; Compose 2.26 clears the line first, once or twice, whatever --ansi says. */
const logLine = /^(?:\u001b\[2K)*(\S+)\s+\| ?(?:(\d{4}-\d\d-\d\dT[\d:.]+Z)(?: |$))?(.*)$/;

/**
 * Hands over what containers say, as `docker compose logs` has it, with Docker's times. Needs no Compose file: the
 * containers know their project. What is followed goes on when it is started again; Compose ends when none of it runs for
 * a moment.
 * @param name of the project
 * @throws UserError COMMAND_FAILED when what there is was not read to its end
 */
export async function showLogs(
  engine: DockerEngine,
  name: string,
  { ids, tail, since, follow, signal, caughtUp }: LogRequest,
  onLine: OnLogLine,
): Promise<void> {
  // What is shown from here on may have been shown before.
  const latest = new Map<string, string>();
  let complaints = '';
  const show = (
    flags: readonly string[],
    { shown, ...call }: { readonly shown?: ReadonlyMap<string, string>; readonly timeoutMs?: number },
  ) =>
    engine.run(
      [
        'compose',
        '--ansi',
        'never',
        '--project-name',
        name,
        'logs',
        '--no-color',
        '--timestamps',
        ...flags,
        '--',
        ...ids,
      ],
      {
        ...call,
        signal,
        onLine: (line) => {
          const [, container, time, text = ''] = logLine.exec(line) ?? [];
          const id = container?.replace(/-\d+$/, '');
          if (id === undefined) complaints = lastLines(`${complaints}\n${line}`, 3);
          if (id === undefined || (time !== undefined && time <= (shown?.get(id) ?? ''))) return;
          if (time !== undefined) latest.set(id, time);
          onLine(id, text, time === undefined ? undefined : Date.parse(time));
        },
      },
    );
  const pause = () => sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  const comesBack = async () => {
    const containers = await labContainers(engine, ofLab(name), { signal });
    return containers.some(({ id, state }) => ids.includes(id) && (state === 'running' || state === 'restarting'));
  };
  /** An Engine that is not reached may be back; after a while nobody waits for it any more. */
  const mayComeBack = async () => {
    const end = Date.now() + awayMs;
    while (!signal.aborted) {
      const answer = await comesBack().catch(() => undefined);
      if (answer !== undefined || Date.now() > end) return answer === true;
      await pause();
    }
    return false;
  };
  let from = Date.now();
  const wanted = since === undefined ? [] : ['--since', isoText(since)];
  const end = await show(['--tail', tail === Infinity ? 'all' : String(tail), ...wanted], { timeoutMs: readMs });
  if (signal.aborted) return;
  if (end.kind !== 'ended' || end.exitCode !== 0) {
    throw notRead(ids, end.kind === 'ended' ? { ...end, stderr: complaints } : end);
  }
  caughtUp?.();
  while (follow && (await mayComeBack())) {
    // Of a container that has shown nothing yet nothing old is wanted; of others the times tell.
    const again = Math.max(since ?? 0, tail === 0 ? from : from - skewMs);
    from = Date.now();
    await show(['--follow', '--since', isoText(again)], { shown: new Map(latest) });
    await pause();
  }
}

const notRead = (ids: readonly string[], end: CommandResult) =>
  new UserError({
    code: 'COMMAND_FAILED',
    message: `the logs of ${ids.join(', ')} could not be read to their end`,
    found: failureWords(end, readMs),
    fix: 'look whether the Docker Engine runs: docker info; less is read with --tail 100 or --since 10m',
  });

const isoText = (ms: number) => new Date(ms).toISOString();
