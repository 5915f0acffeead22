import type { Context } from '../../platform/context.ts';
import type { FoundLab } from '../../runtimes/cluster-runtime.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { clusterOfLab, clusterThatRuns, expectAnswer, type ClusterInReach } from '../lab/open-lab.ts';
import { runtimesOf } from '../running/runtimes.ts';
import type { InSight } from './lab-page.ts';

/** Asking Docker is a process each time. */
const dockerMs = 5000;

/**
 * A lab as it runs now, and later: it may end and be started again, with other ports too.
 * @throws UserError LAB_NOT_RUNNING when there is nothing yet to be seen
 */
export async function labInSight(context: Context, line: CommandLine, directory: string): Promise<InSight> {
  const { embedded, docker, ofFolder } = runtimesOf(context);
  const own = await ofFolder(directory);
  const here = async () => clusterOf(await embedded.find({ directory }));
  const first = (await here()) ?? (await clusterOfLab(context, line, directory));
  await expectAnswer(first, context.signal);
  let asked = Date.now();
  let trouble: string | undefined;
  return {
    first,
    look: async () => {
      const found = await here();
      if (found !== undefined) trouble = undefined;
      // Machines are described by the spec, and clusters of others, too.
      if (found !== undefined || own !== undefined || Date.now() - asked < dockerMs) return found;
      asked = Date.now();
      const onDocker = clusterOf(await docker.find({ directory }));
      trouble = onDocker === undefined ? 'it does not run; up starts it' : undefined;
      return onDocker;
    },
    trouble: () => trouble,
  };
}

/** Also when all of its parts are stopped: they are shown as what they are. */
const clusterOf = (found: FoundLab): ClusterInReach | undefined =>
  'lab' in found ? clusterThatRuns(found.lab) : undefined;
