import { UserError } from '../../../errors/user-error.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import type { Reporter } from '../../reporter.ts';
import type { WarmedImage } from '../../images-facet.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from '../lab/lab-containers.ts';
import { pullCause } from './pull-failure.ts';
import { pullProgress } from './pull-progress.ts';

/** An Engine that tasks of agents run on. */
export interface WarmEngine {
  /** As in WarmedImage. */
  readonly name: string;
  readonly run: DockerEngine['run'];
}

interface WarmWorld {
  readonly tell: Reporter;
  readonly signal: AbortSignal;
}

/** The Engines that agents have of their own, in containers; says which of them do not run. */
export function enginesOfPods(
  { run }: DockerEngine,
  containers: readonly LabContainer[],
  { tell }: WarmWorld,
): readonly WarmEngine[] {
  const engines = containers.filter(({ role }) => role === 'docker-engine');
  for (const { id, state } of engines) if (state !== 'running') tell.warn(`${id} is ${state}: nothing is pulled there`);
  return engines
    .filter(({ state }) => state === 'running')
    .map(({ id, containerId }) => ({
      name: id,
      run: (words, call) => run(['exec', containerId, 'docker', ...words], call),
    }));
}

/**
 * Lets Engines pull images: all Engines at the same time, each one image after the other. Without a deadline, as the
 * network has none. That one fails keeps no other from it.
 * @throws UserError LAB_NOT_RUNNING without an Engine; the signal's reason
 */
export async function warmEngines(
  engines: readonly WarmEngine[],
  images: readonly string[],
  { tell, signal }: WarmWorld,
): Promise<readonly WarmedImage[]> {
  if (engines.length === 0) {
    throw new UserError({
      code: 'LAB_NOT_RUNNING',
      message: 'No Engine of an agent runs that could pull an image',
      fix: 'create-mesos-cluster start starts what was stopped; npm run status shows what runs',
    });
  }
  const title = `Pulling ${images.join(', ')} on ${engines.map(({ name }) => name).join(', ')}`;
  return tell.step({ title }, async (see) => {
    const line = sideBySide(see);
    const all = await inParallel(engines, async (engine) => {
      const warmed: WarmedImage[] = [];
      for (const image of images) {
        const one = await pull(engine, image, signal, line.of(engine.name));
        tell.note(`${engine.name}: ${image} ${outcomes[one.outcome]}`);
        warmed.push(one);
      }
      line.leave(engine.name);
      return warmed;
    });
    return all.flat();
  });
}

const outcomes = { pulled: 'is pulled', there: 'was there', failed: 'does not come' } as const;

async function pull(
  { name, run }: WarmEngine,
  image: string,
  signal: AbortSignal,
  see: (text: string) => void,
): Promise<WarmedImage> {
  const progress = pullProgress(see);
  const result = await run(['pull', image], { signal, onLine: progress.onLine });
  signal.throwIfAborted();
  if (result.kind === 'ended' && result.exitCode === 0) {
    return { engine: name, image, outcome: progress.wasThere() ? 'there' : 'pulled' };
  }
  const words = progress.lastWords(2);
  return { engine: name, image, outcome: 'failed', failure: { words, ...pullCause(image, words) } };
}
