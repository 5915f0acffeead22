import type { Seen } from '../poll-until.ts';
import { expectSeen, type VerifyRun } from './check.ts';
import { removeApp, type Removal } from './verify-apps.ts';
import { removePod } from './verify-pod.ts';

type Remove = (run: VerifyRun, removal: Removal, signal: AbortSignal) => Promise<Seen>;

/**
 * Removes the apps and pods that this run deployed, and nothing else.
 * @returns what was done, in words
 * @throws CheckFailure when one is still there in the end
 */
export async function removeOwn(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const removeAll = (touched: VerifyRun['touched'], remove: Remove) =>
    [...touched].map(([id, marks]) => {
      const removal = { id, marks, isAsked: false };
      return expectSeen(run, (either) => remove(run, removal, either), run.times.cleanUpMs, signal);
    });
  const results = await Promise.all([...removeAll(run.touched, removeApp), ...removeAll(run.touchedPods, removePod)]);
  return results.map(({ seen }) => seen).join(', ');
}
