import type { Cluster } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { listAt, textAt, type JsonObject } from '../../protocol/json.ts';
import type { AppDefinition } from './app-files.ts';
import { askChronos, isMissing } from './chronos-jobs.ts';

interface JobWorld {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** A job that Chronos has taken. */
export interface TakenJob {
  readonly name: string;
  /** As it was given: a job that is launched shows what is left of its schedule. */
  readonly definition: JsonObject;
  readonly change: 'created' | 'updated';
  /** What Chronos says when it last ran; it is kept when a job is changed. */
  readonly before: readonly string[];
}

/** Gives Chronos a job; one of the name that it has already is changed. @throws UserError as askChronos */
export async function putJob({ id, definition }: AppDefinition, { cluster, signal }: JobWorld): Promise<TakenJob> {
  const there = await lookAt(id, cluster, signal);
  await askChronos(cluster, signal, 'POST', 'parents' in definition ? 'dependency' : 'iso8601', definition);
  return { name: id, definition, change: isMissing(there) ? 'created' : 'updated', before: runsOf(there.json) };
}

const lookAt = (name: string, cluster: Cluster, signal: AbortSignal) =>
  askChronos(cluster, signal, 'GET', `job/${encodeURIComponent(name)}`);

/** When it ran. */
const runsOf = (json: unknown) => [textAt(json, 'lastSuccess') ?? '', textAt(json, 'lastError') ?? ''];

const pollMs = 200;

/**
 * Waits for the next run of a job, if it is one that runs by itself before the deadline.
 * @returns a line that says what has come of it
 * @throws UserError NOT_READY when it fails, or has not run in time
 */
export async function awaitRun(
  { name, definition, before }: TakenJob,
  {
    cluster,
    signal,
    clock,
    deadlineMs,
    seen,
  }: JobWorld & { readonly deadlineMs: number; readonly seen: (text: string) => void },
): Promise<string> {
  const until = clock.now() + deadlineMs;
  const later = whyNotSoon(definition, Date.now() + deadlineMs);
  if (later !== undefined) return later;
  for (;;) {
    const { json } = await lookAt(name, cluster, signal);
    const [success = '', error = ''] = runsOf(json);
    if (success !== '' && !before.includes(success)) return `has run, at ${success}`;
    if (error !== '' && !before.includes(error)) throw notReady(`the job ${name} has failed`, `at ${error}`, cluster);
    if (clock.now() > until) {
      const found = `its schedule is ${textAt(json, 'schedule') ?? ''}`;
      throw notReady(
        `the job ${name} has not run in ${Math.round(deadlineMs / 1000)} s; Chronos goes on`,
        found,
        cluster,
      );
    }
    seen(`${name} has not run yet`);
    await clock.sleep(pollMs, signal);
  }
}

/** Why nobody should wait for a run of this job. @param until milliseconds since 1970 */
function whyNotSoon(job: JsonObject, until: number): string | undefined {
  if (job['disabled'] === true) return 'is disabled, and does not run';
  const parents = listAt(job, 'parents').map(String);
  if (parents.length > 0) return `runs after ${parents.join(', ')}`;
  const [, repeats = '', start = ''] = /^R(\d*)\/([^/]*)\//.exec(textAt(job, 'schedule') ?? '') ?? [];
  if (repeats === '0') return 'has no run left in its schedule';
  return Date.parse(start) > until ? `runs first at ${start}` : undefined;
}

function notReady(message: string, found: string, { target }: Cluster): UserError {
  return new UserError({
    code: 'NOT_READY',
    message,
    found,
    fix: `${target.chronoses?.[0] ?? 'its page'} shows its runs; what a run has written is in the sandbox of its task, on the page of the master`,
  });
}
