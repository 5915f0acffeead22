import { lessonGroup, lessonJobPrefix } from '../../planning/lesson/file-rules.ts';
import { groupPath } from '../../protocol/marathon/app-id.ts';
import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import { pollUntil, type Seen } from '../../checks/poll-until.ts';
import { askChronos, askMarathon, callMaster } from '../asking/ask-cluster.ts';
import { allAgents } from '../asking/tasks-of-app.ts';
import { StepFailure, type LessonWorld } from '../lesson-world.ts';

/** What somebody did to parts, which start undoes. */
const actedOn: ReadonlySet<string> = new Set(['stopped', 'killed', 'paused', 'partitioned']);

/**
 * Takes away what lessons have made, and nothing else: parts that do not run are started and agents that are drained taken
 * back (on a lab of one's own), the group of lessons is removed with its tasks, and so are their jobs.
 * @throws StepFailure when it cannot be done in time
 */
export async function resetCluster(world: LessonWorld, signal: AbortSignal): Promise<void> {
  const { own, cluster, clock, times } = world;
  const down = (await own?.parts(signal))?.filter(({ state }) => actedOn.has(state)).map(({ id }) => id) ?? [];
  if (down.length > 0) await own?.control('start', down, signal);
  const wait = async (what: string, attempt: (either: AbortSignal) => Promise<Seen>) => {
    const result = await pollUntil(attempt, { timeoutMs: times.waitMs, intervalMs: times.intervalMs, signal, clock });
    if (!result.ok) throw new StepFailure(`${what}: not within ${Math.round(times.waitMs / 1000)} s; ${result.seen}`);
  };
  if (own !== undefined) await wait('Taking agents back', (either) => takeAgentsBack(world, either));
  if ((cluster.target.chronoses ?? []).length > 0)
    await wait('Removing the jobs of lessons', (either) => removeJobs(world, either));
  await wait(`Removing ${lessonGroup}`, removingGroup(world));
}

async function takeAgentsBack(world: LessonWorld, signal: AbortSignal): Promise<Seen> {
  const drained = (await allAgents(world, signal)).filter(
    ({ drain, deactivated }) => drain !== undefined || deactivated,
  );
  for (const { id } of drained) {
    await callMaster(world, { type: 'REACTIVATE_AGENT', ...{ reactivate_agent: { agent_id: { value: id } } } }, signal);
  }
  return { ok: true, seen: `${drained.length} agents were taken back` };
}

async function removeJobs(world: LessonWorld, signal: AbortSignal): Promise<Seen> {
  const { json } = await askChronos(world, '/v1/scheduler/jobs', signal);
  const names = listAt(json).map((job) => textAt(job, 'name') ?? '');
  const own = names.filter((name) => name.startsWith(lessonJobPrefix));
  for (const name of own) {
    await askChronos(world, `/v1/scheduler/job/${encodeURIComponent(name)}`, signal, { method: 'DELETE' });
  }
  return {
    ok: own.length === 0,
    seen: own.length === 0 ? 'no job of a lesson is left' : `${own.join(', ')} are there`,
  };
}

/** The group is gone at once, its tasks with the deployment that stops them. */
function removingGroup(world: LessonWorld): (signal: AbortSignal) => Promise<Seen> {
  const isOurs = (id: unknown) => typeof id === 'string' && (id === lessonGroup || id.startsWith(`${lessonGroup}/`));
  let asked = false;
  return async (signal) => {
    const path = groupPath(lessonGroup);
    const { status } = await askMarathon(world, path, signal);
    if (status !== 404 && !asked) {
      const answer = await askMarathon(world, `${path}?force=true`, signal, { method: 'DELETE' });
      asked = answer.status < 300;
    }
    const { json } = await askMarathon(world, '/v2/deployments', signal);
    const goesOn = listAt(json).some((each) =>
      [...listAt(each, 'affectedApps'), ...listAt(each, 'affectedPods'), ...[valueAt(each, 'id')]].some(isOurs),
    );
    const isGone = status === 404 && !goesOn;
    return { ok: isGone, seen: isGone ? 'nothing of lessons is left' : `${lessonGroup} is being removed` };
  };
}
