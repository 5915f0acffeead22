import { clusterAt, targetFromUrls } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import { labPage, servePage, type LabPageOptions, type ServedPage } from '../../pages/server/serve-page.ts';
import type { Context } from '../../platform/context.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { textOf, type CommandLine } from '../command-line/command-line.ts';
import { readBaseUrl } from '../lab/base-url.ts';
import { clusterThatRuns, expectAnswer, openLab } from '../lab/open-lab.ts';
import { labInSight } from './lab-in-sight.ts';
import { pageOf, urlOf } from './lab-page.ts';
import { learnIn } from './run-learn.ts';

/** What serves pages: no other verb loads a web server, and no process of a lab before somebody looks. */

interface ProcessOfLab {
  readonly context: Pick<Context, 'files' | 'runCommand' | 'script'>;
  readonly directory: string;
  readonly find: () => RunningLab | undefined;
}

/** The page that the process of a lab serves of it. */
export function pageOfProcess(token: string, { context, directory, find }: ProcessOfLab): ReturnType<typeof labPage> {
  const look = () => {
    const lab = find();
    return lab === undefined ? undefined : clusterThatRuns(lab);
  };
  const first = look();
  if (first === undefined) throw new Error('the lab is not found in its own folder');
  return labPage({ ...pageOf({ first, look }, context, directory), learn: learnIn(context, directory), token });
}

/** The page of the lab that a verb works on, or of a cluster by its URLs. @throws the system's error of the port */
export async function serveSubject(context: Context, line: CommandLine, port: number): Promise<ServedPage> {
  const log = (text: string) => {
    context.stderr.write(`${text}\n`);
  };
  return servePage({ ...(await subject(context, line)), port, log });
}

async function subject(context: Context, line: CommandLine): Promise<Omit<LabPageOptions, 'token'>> {
  const [mesos, marathon] = [textOf(line, 'mesos'), textOf(line, 'marathon')];
  if (mesos === undefined && marathon === undefined) {
    const directory = openLab(context, line);
    return {
      ...pageOf(await labInSight(context, line, directory), context, directory),
      learn: learnIn(context, directory),
    };
  }
  if (mesos === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: '--mesos is missing: a cluster without a lab is found by its masters',
      fix: 'page --mesos http://HOST:5050 --marathon http://HOST:8080',
    });
  }
  const read = (flag: string, text = '') =>
    text.split(',').flatMap((url) => (url === '' ? [] : [readBaseUrl('page')(flag, url)]));
  const target = targetFromUrls({ mesos: read('--mesos', mesos), marathon: read('--marathon', marathon) });
  const cluster = clusterAt(target);
  await expectAnswer(cluster, context.signal);
  const { masters, marathons } = target;
  return {
    name: '',
    masters: () => masters,
    marathons: () => marathons,
    agentUrl: urlOf(() => cluster),
    now: Date.now,
  };
}
