import type { Seen } from '../../checks/poll-until.ts';
import type { Look } from '../../planning/lesson/lesson-shape.ts';
import type { LessonWorld } from '../lesson-world.ts';
import { lookAtAnswer, lookAtSetting } from './look-at-answer.ts';
import { lookAtApi, lookAtDns, lookAtJob, lookAtMetric } from './look-at-api.ts';
import { lookAtApp } from './look-at-app.ts';
import { lookAtAgent, lookAtAgentCount, lookAtLeader, lookAtPart } from './look-at-parts.ts';
import { lookAtRequest } from './look-at-service.ts';
import { lookAtFile, lookAtFramework, lookAtQueue, lookAtTasks } from './look-at-tasks.ts';

/**
 * Looks once whether something is so.
 * @throws Error for what does not answer; StepFailure for what can never be so in this lab
 */
export function look(world: LessonWorld, step: Look, signal: AbortSignal): Promise<Seen> {
  switch (step.kind) {
    case 'app':
      return lookAtApp(world, step.value, signal);
    case 'task':
      return lookAtTasks(world, step.value, signal);
    case 'request':
      return lookAtRequest(world, step.value, signal);
    case 'file':
      return lookAtFile(world, step.value, signal);
    case 'queue':
      return lookAtQueue(world, step.value, signal);
    case 'agents':
      return lookAtAgentCount(world, step.value, signal);
    case 'agent':
      return lookAtAgent(world, step.value, signal);
    case 'leader':
      return lookAtLeader(world, step.value, signal);
    case 'part':
      return lookAtPart(world, step.value, signal);
    case 'framework':
      return lookAtFramework(world, step.value, signal);
    case 'job':
      return lookAtJob(world, step.value, signal);
    case 'dns':
      return lookAtDns(world, step.value, signal);
    case 'metric':
      return lookAtMetric(world, step.value, signal);
    case 'api':
      return lookAtApi(world, step.value, signal);
    case 'explain':
      return lookAtSetting(world, step.value);
    case 'answer':
      return lookAtAnswer(world, step.value);
  }
}

/** All of several looks: what was seen is of the first one that is not so, and otherwise of all. */
export async function lookAtAll(world: LessonWorld, looks: readonly Look[], signal: AbortSignal): Promise<Seen> {
  const words: string[] = [];
  for (const each of looks) {
    const { ok, seen } = await look(world, each, signal);
    if (!ok) return { ok, seen };
    words.push(seen);
  }
  return { ok: true, seen: words.join('; ') };
}
