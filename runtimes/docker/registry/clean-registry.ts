import { UserError } from '../../../errors/user-error.ts';
import { listAt, parseJson, textAt } from '../../../protocol/json.ts';
import type { CleanedRegistry, ImagesRequest } from '../../images-facet.ts';
import { lastLines, type DockerEngine } from '../docker-engine.ts';
import type { LabContainer } from '../lab/lab-containers.ts';
import { readStore, unnamedManifests, type StoredManifest } from './read-store.ts';
import { collectScript, lookScript, sizeScript, unlinkScript } from './store-scripts.ts';

/** Where the images of a registry are. */
export interface RegistryStore {
  readonly engine: DockerEngine;
  readonly container: LabContainer;
  /** Waits until the registry answers, whoever stands in front of it. @throws UserError NOT_READY */
  readonly isReady: () => Promise<void>;
}

type Told = Pick<ImagesRequest, 'tell' | 'signal'>;

/** What brings the registry back heeds no interruption, and has an end of its own. */
const never = new AbortController().signal;
const controlMs = 60_000;
/** Hundreds of gigabytes on a slow disk. */
const collectMs = 3_600_000;
/** Words of one command: its length has a limit. */
const mostAtOnce = 500;

/**
 * Frees what no tag names any more. The registry is stopped meanwhile, as Distribution demands ("Garbage collection"):
 * what is pushed would be taken away, and what it remembers of blobs would be wrong. It is started again whatever happens.
 * @throws UserError LAB_NOT_RUNNING, COMMAND_FAILED, NOT_READY; the signal's reason
 */
export async function cleanRegistry(store: RegistryStore, { tell, signal }: Told): Promise<CleanedRegistry> {
  const { engine, container } = store;
  if (container.state !== 'running') throw notRunning(container);
  const helper = await helperFor(store, signal);
  let failure: unknown;
  let cleaned: CleanedRegistry | undefined;
  try {
    await tell.step({ title: 'Stopping the registry: nobody may push now' }, () =>
      engine.ask(['stop', container.containerId], { signal, timeoutMs: controlMs }),
    );
    // Of a command that was killed.
    await helper.end();
    cleaned = await tell.step({ title: 'Removing what no tag names' }, (see) => collect(helper, see));
  } catch (error) {
    failure = error;
  }
  await tell.step({ title: 'Starting the registry again' }, async () => {
    await helper.end();
    await engine.ask(['start', container.containerId], { signal: never, timeoutMs: controlMs });
    await store.isReady();
  });
  if (cleaned === undefined) throw failure;
  return cleaned;
}

const notRunning = ({ id, state }: LabContainer) =>
  new UserError({
    code: 'LAB_NOT_RUNNING',
    message: 'The registry of the lab does not run; nothing was done',
    found: `${id} is ${state}`,
    fix: `create-mesos-cluster start ${id}`,
  });

/** Runs scripts on the files of a registry. */
interface Helper {
  /** The configuration of the registry, in its image. */
  readonly config: string;
  /** @throws UserError COMMAND_FAILED with its last words; the signal's reason */
  readonly run: (script: string, words?: readonly string[], onLine?: (line: string) => void) => Promise<string>;
  /** Ends what runs of it. */
  readonly end: () => Promise<void>;
}

/** A container for each script, of the registry's own image and with its volume; without a network. */
async function helperFor({ engine, container }: RegistryStore, signal: AbortSignal): Promise<Helper> {
  const { containerId, name } = container;
  const text = await engine.ask(['container', 'inspect', containerId], { signal });
  const [inspected] = listAt({ all: parseJson(text) }, 'all');
  const image = textAt(inspected, 'Image') ?? '';
  const config = listAt(inspected, 'Args').find((word) => typeof word === 'string' && /\.ya?ml$/.test(word));
  if (typeof config !== 'string') throw unknownImage(container);
  const helper = `${name}-clean`;
  const start = [
    'run',
    '--rm',
    '--name',
    helper,
    '--volumes-from',
    containerId,
    '--network',
    'none',
    '--pull',
    'never',
  ];
  return {
    config,
    run: async (script, words = [], onLine) => {
      const said: string[] = [];
      const result = await engine.run([...start, '--entrypoint', 'sh', image, '-c', script, 'sh', ...words], {
        ...{ signal, timeoutMs: collectMs },
        ...(onLine === undefined
          ? {}
          : {
              onLine: (line) => {
                said.splice(0, said.length - 4);
                said.push(line);
                onLine(line);
              },
            }),
      });
      signal.throwIfAborted();
      if (result.kind === 'ended' && result.exitCode === 0) return result.stdout;
      const heard = result.kind === 'ended' ? `${result.stderr}\n${said.join('\n')}` : '';
      throw notCleaned(lastLines(heard, 4));
    },
    end: async () => {
      await engine.run(['rm', '--force', helper], { signal: never, timeoutMs: controlMs });
    },
  };
}

/** Measures, removes, and measures again. */
async function collect({ config, run }: Helper, see: (text: string) => void): Promise<CleanedRegistry> {
  const before = await sizeOf(run);
  const store = readStore(await run(lookScript));
  const unnamed = unnamedManifests(store);
  for (let index = 0; index < unnamed.length; index += mostAtOnce) {
    await run(unlinkScript, unnamed.slice(index, index + mostAtOnce).flatMap(wordsOf));
  }
  await run(collectScript, [config], see);
  return { beforeBytes: before, afterBytes: await sizeOf(run), manifests: unnamed.length };
}

const sizeOf = async (run: Helper['run']) => Number((await run(sizeScript)).trim()) * 1024;

const wordsOf = ({ repository, digest }: StoredManifest) => [repository, ...digest.split(':')];

const notCleaned = (found: string) =>
  new UserError({
    code: 'COMMAND_FAILED',
    message: 'The registry could not be cleaned; what tags name is there',
    ...(found === '' ? {} : { found }),
    fix: 'docker system df shows whether the disk is full; create-mesos-cluster images clean may be tried again at any time',
  });

const unknownImage = ({ id, image }: LabContainer) =>
  new UserError({
    code: 'COMMAND_FAILED',
    message: `${id} runs in an image that is not known as a registry of Distribution; nothing was done`,
    found: image,
    allowed: 'one that is started with the path of its configuration, as registry:2 and registry:3 are',
  });
