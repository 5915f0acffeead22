import { UserError } from '../../../errors/user-error.ts';
import type { StreamingCommands } from '../../../platform/processes/streaming-commands.ts';
import { failureWords, type DockerEngine } from '../docker-engine.ts';
import type { LoadResult } from '../../images-facet.ts';
import { composeLabels, roleLabel } from '../../../protocol/lab-labels.ts';

/** What is needed to copy images into the Engines of agents. */
export interface LoadWorld {
  /** This machine's. */
  readonly engine: Pick<DockerEngine, 'run' | 'command'>;
  readonly streams: Pick<StreamingCommands, 'pipe'>;
  /** Absolute: where the commands run. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

export interface LoadRequest {
  /** The Compose project, which names its containers and labels them. */
  readonly project: string;
  /** References as apps write them. */
  readonly images: readonly string[];
  /** Also what an agent has already, because the machine's may be newer. */
  readonly always?: boolean;
  /** What is being copied, in words. */
  readonly onProgress?: (text: string) => void;
}

/** A question to an Engine may take this long; a machine of thirty laptops' age is slow. */
const askMs = 30_000;
const copyMs = 600_000;

/**
 * Copies images from this machine's Engine into those of a lab's agents, which lack them: the way without a network and
 * without a registry. Nothing is held in memory; all agents that lack the same images are fed at once.
 * Costs two processes and one for each agent when there is nothing to do.
 * @throws UserError COMMAND_FAILED when an Engine does not take an image
 * @throws the signal's reason when it aborts
 */
export async function loadIntoAgents(world: LoadWorld, request: LoadRequest): Promise<LoadResult> {
  const images = [...new Set(request.images)];
  const [engines, here] = await Promise.all([agentEngines(world, request.project), presentHere(world, images)]);
  const notHere = images.filter((image) => !here.includes(image));
  const names = engines.map(({ service }) => service);
  if (engines.length === 0 || here.length === 0) return { engines: names, copied: [], notHere };
  const lacking = await Promise.all(
    engines.map(async (engine) => ({
      engine,
      images: request.always === true ? here : await lackedBy(world, engine, here),
    })),
  );
  const groups = new Map<string, Lack>();
  for (const { engine, images: lacked } of lacking.filter(({ images: some }) => some.length > 0)) {
    const group = groups.get(lacked.join(' '));
    groups.set(lacked.join(' '), { images: lacked, engines: [...(group?.engines ?? []), engine] });
  }
  for (const group of groups.values()) {
    request.onProgress?.(`${group.images.join(', ')} to ${group.engines.map(({ service }) => service).join(', ')}`);
    await copy(world, group);
  }
  const copied = here.filter((image) => [...groups.values()].some((group) => group.images.includes(image)));
  return { engines: names, copied, notHere };
}

/** The container with an agent's Engine. */
interface AgentEngine {
  readonly container: string;
  readonly service: string;
}

interface Lack {
  readonly images: readonly string[];
  readonly engines: readonly AgentEngine[];
}

async function ask({ engine, signal }: LoadWorld, ...words: readonly string[]): Promise<string | undefined> {
  const result = await engine.run(words, { signal, timeoutMs: askMs });
  signal.throwIfAborted();
  return result.kind === 'ended' && result.exitCode === 0 ? result.stdout : undefined;
}

/** Those that run; by the labels that the generated files give them. */
async function agentEngines(world: LoadWorld, project: string): Promise<readonly AgentEngine[]> {
  const filters = [`${composeLabels.project}=${project}`, `${roleLabel}=docker-engine`];
  const format = `{{.ID}} {{.Label "${composeLabels.service}"}}`;
  const words = ['ps', ...filters.flatMap((label) => ['--filter', `label=${label}`]), '--format', format];
  return ((await ask(world, ...words)) ?? '')
    .split('\n')
    .flatMap((line) => {
      const [container = '', service = ''] = line.split(' ');
      return container === '' ? [] : [{ container, service }];
    })
    .sort((one, other) => one.service.localeCompare(other.service, 'en', { numeric: true }));
}

/** Which of the images this machine's Engine has. */
async function presentHere(world: LoadWorld, images: readonly string[]): Promise<readonly string[]> {
  const answers = await Promise.all(
    images.map((image) => ask(world, 'image', 'inspect', '--format', '{{.Id}}', image)),
  );
  return images.filter((_, index) => answers[index] !== undefined);
}

/** Names alone are compared: the same image has one id in the Engine's store and another in containerd's. */
async function lackedBy(world: LoadWorld, { container }: AgentEngine, images: readonly string[]) {
  const format = '{{.Repository}}:{{.Tag}}';
  const listed = (await ask(world, 'exec', container, 'docker', 'image', 'ls', '--format', format)) ?? '';
  const names = new Set(listed.split('\n').map((name) => name.trim()));
  return images.filter((image) => !names.has(listedName(image)));
}

/** As `docker image ls` writes it: without Docker Hub's own names, and with a tag. */
export function listedName(image: string): string {
  const short = image.replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/(?=[^/]*$))?/, '');
  return /:[^/]+$/.test(short) ? short : `${short}:latest`;
}

async function copy({ engine, streams, cwd, signal }: LoadWorld, { images, engines }: Lack): Promise<void> {
  const source = engine.command(['save', ...images]);
  const targets = engines.map(({ container }) =>
    engine.command(['exec', '--interactive', container, 'docker', 'load', '--quiet']),
  );
  const result = await streams.pipe(source, targets, { cwd, signal, timeoutMs: copyMs });
  signal.throwIfAborted();
  const failed = [
    { who: 'docker save', end: result.source },
    ...result.targets.map((end, index) => ({ who: `docker load in ${engines[index]?.service ?? 'an agent'}`, end })),
  ]
    // What the source says last is only that nobody reads any more.
    .reverse()
    .find(({ end }) => end.kind !== 'ended' || end.exitCode !== 0);
  if (failed === undefined) return;
  throw new UserError({
    code: 'COMMAND_FAILED',
    message: `${images.join(', ')} could not be copied to the agents: ${failed.who} failed`,
    found: failureWords(failed.end, copyMs),
    fix: 'what is full can be seen with docker system df; what was copied stays',
  });
}
