import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { ClusterRuntime } from '../../runtimes/cluster-runtime.ts';
import { prepareLab } from '../lab/open-lab.ts';
import { runtimesOf } from './runtimes.ts';
import type { UpTask } from './up-lab.ts';

/** The images of a lab cannot be had, or what is in them does not come up. */
const codes: ReadonlySet<string> = new Set(['IMAGE_NOT_AVAILABLE', 'COMMAND_FAILED', 'CONTAINER_FAILED', 'NOT_READY']);

/** An error of a lab on Docker, with what runs the lab on this machine all the same behind its fix. */
export async function withOtherWays(task: UpTask, error: unknown): Promise<unknown> {
  const { embedded } = runtimesOf(task.context);
  if (task.runtime === embedded || !isUserError(error) || !codes.has(error.problems[0].code)) return error;
  const [first, ...more] = error.problems;
  const ways = [await wayOf(task.runtime, task, first), await wayOf(embedded, task, first)].filter(
    (way) => way !== undefined,
  );
  if (ways.length === 0) return error;
  const lines = [first.fix ?? '', 'What runs here all the same:', ...ways.map((way) => `- ${way}`)];
  return new UserError({ ...first, fix: lines.filter((line) => line !== '').join('\n           ') }, ...more);
}

/** How a runtime would run a lab whose start has failed. */
export async function wayOf(runtime: ClusterRuntime, task: UpTask, problem: Problem): Promise<string | undefined> {
  const { context, plan, directory, reporter } = task;
  return runtime.instead?.({
    ...{ plan, directory, problem, tell: reporter, signal: context.signal },
    withLite: () => planWithLite(task),
  });
}

/** The same lab with the set lite; undefined when its spec does not go with that. */
async function planWithLite({ context, directory, settings }: UpTask): Promise<Plan | undefined> {
  const place = { kind: 'flag', flag: '--image-set' } as const;
  const withLite = [...settings, { path: ['images', 'set'], value: 'lite', place }];
  try {
    return (await prepareLab(context, directory, withLite)).plan;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return undefined;
  }
}
