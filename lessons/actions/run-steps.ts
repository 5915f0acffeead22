import { pollUntil, type Seen } from '../../checks/poll-until.ts';
import { isLook } from '../../planning/lesson/lesson.ts';
import type { Step } from '../../planning/lesson/lesson-shape.ts';
import { look } from '../looks/look.ts';
import { StepFailure, type LessonWorld } from '../lesson-world.ts';
import { act } from './act.ts';

/** Told of each step: its words, and what was seen. */
export type OnStep = (step: Step, seen: string) => void;

/**
 * Does steps one after the other; one that looks waits until it is so, and what may be refused for a moment is tried again.
 * @throws StepFailure with what was seen last, when one of them is not done in its time
 */
export async function runSteps(
  world: LessonWorld,
  steps: readonly Step[],
  signal: AbortSignal,
  onStep: OnStep = () => undefined,
): Promise<void> {
  for (const step of steps) onStep(step, await runStep(world, step, signal));
}

async function runStep(world: LessonWorld, step: Step, signal: AbortSignal): Promise<string> {
  const { clock, times } = world;
  let refusal: StepFailure | undefined;
  const attempt = async (either: AbortSignal): Promise<Seen> => {
    try {
      return await (isLook(step) ? look(world, step, either) : act(world, step, either));
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      refusal = error;
      return { ok: true, seen: error.message };
    }
  };
  const timeoutMs =
    step.withinSeconds === undefined ? times.waitMs + lastingSeconds(step) * 1000 : step.withinSeconds * 1000;
  const result = await pollUntil(attempt, { timeoutMs, intervalMs: times.intervalMs, signal, clock });
  if (refusal !== undefined) throw refusal;
  if (result.ok) return result.value.seen;
  throw new StepFailure(`${stepText(step)}: not within ${Math.round(timeoutMs / 1000)} s; ${result.seen}`);
}

/** How long a step has to last, however fast the lab is: that is no waiting. */
function lastingSeconds(step: Step): number {
  if (step.kind === 'load') return step.value.seconds;
  return step.kind === 'new-version' ? (step.value.watchFor ?? 0) : 0;
}

/** A step in a line, as the lesson has it. */
function stepText({ kind, value }: Step): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
  return `${kind} ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`;
}
