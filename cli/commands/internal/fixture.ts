import { clusterClient } from '../../../checks/cluster-client.ts';
import type { Cluster } from '../../../checks/cluster-target.ts';
import { exitCodes } from '../../../errors/exit-codes.ts';
import { isUserError } from '../../../errors/user-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { onUncaughtError } from '../../../platform/processes/own-process.ts';
import { serveParent } from '../../../platform/processes/servant.ts';
import { absoluteId, appPath } from '../../../protocol/marathon/app-id.ts';
import { textAt, valueAt } from '../../../protocol/json.ts';
import { awaitDeployment } from '../../apps/await-deployment.ts';
import { marathonClient } from '../../apps/marathon-client.ts';
import type { Command } from '../../command-line/command.ts';

/** `__fixture`: the process of a test's cluster, which testing/ starts. Not for people. */
export const fixture: Command = async ({ files, tryPort, signal, stderr }) => {
  const { newFixture } = await import('../../../runtimes/embedded/fixture/run-fixture.ts');
  const { answer, end } = newFixture({
    ...{ files, tryPort, signal, random: Math.random },
    deploy: (cluster, app, timeoutMs) => deploy(cluster, app, timeoutMs, signal),
  });
  const crashed = new Promise<Error>((resolve) => {
    onUncaughtError(resolve);
  });
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  const hungUp = serveParent(({ call, content }) => answer(call, content), inWords);
  const crash = await Promise.race([hungUp, stopped, crashed]);
  if (crash instanceof Error) stderr.write(`${crash.stack ?? crash.message}\n`);
  await end();
  return crash instanceof Error ? exitCodes.bug : exitCodes.ok;
};

/** Whoever reads it has called a function: a fix for the command line would lead astray. */
function inWords(error: unknown): string {
  if (!isUserError(error)) return error instanceof Error ? error.message : String(error);
  return error.problems
    .map(({ message, found }) =>
      found === undefined ? message : `${message}\n  ${found.replaceAll(/\n\s*/g, '\n  ')}`,
    )
    .join('\n');
}

/** @returns the app, with its tasks, as Marathon shows it */
async function deploy(cluster: Cluster, app: unknown, deadlineMs: number, signal: AbortSignal): Promise<unknown> {
  const given = textAt(app, 'id');
  if (given === undefined) throw new Error('deploy: the app has no id; give it one, such as "/my-app"');
  const id = absoluteId(given);
  const marathon = marathonClient(cluster.target.marathons, clusterClient(), signal);
  await marathon.ask('PUT', appPath(id), app);
  const world = { marathon, cluster, clock: systemClock, signal, deadlineMs };
  await awaitDeployment(id, { ...world, seen: () => undefined, note: () => undefined });
  return valueAt((await marathon.ask('GET', appPath(id))).json, 'app');
}
