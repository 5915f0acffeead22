import { HttpError } from '../../http/http-answer.ts';
import { toTaskEnd } from '../executors/command-executor.ts';
import { recordProcess } from '../recovery/orphans.ts';
import {
  newContainer,
  type Container,
  type ContainerProcess,
  type ContainerRequest,
  type Termination,
} from './container.ts';
import { isRoot, rootOf, textOfId, type ContainerId } from './container-id.ts';
import { placeFor, startContainer, type ContainersOptions } from './container-start.ts';
import { findOwned, isOfDocker, placeOfOwned, type OwnedContainer, type Place } from './place.ts';
import type { Switchboard } from './switchboard.ts';
import { Terminations } from './terminations.ts';

/** How long an end waits for listeners that are slow. */
const drainMs = 5000;

/**
 * Containers within those of tasks and executors, or by themselves, that somebody asks the agent's operator API for
 * (docs/nested-container-and-task-group.md; src/slave/containerizer/mesos/containerizer.cpp, whose texts these are). They
 * end with the one that they are in, and with the agent.
 */
export class Containers {
  readonly #options: ContainersOptions;
  readonly #live = new Map<string, Container>();
  readonly #terminations = new Terminations();

  constructor(options: ContainersOptions) {
    this.#options = options;
  }

  get live(): readonly Container[] {
    return [...this.#live.values()];
  }

  /** Resolves when it runs, with false if one of that id runs already. @throws HttpError 400 */
  async launch(id: ContainerId, request: ContainerRequest): Promise<boolean> {
    const key = textOfId(id);
    if (this.#live.has(key) || this.#owned(id) !== undefined) return false;
    const parent = id.parent === undefined ? undefined : this.#parentOf(id.parent);
    const container = newContainer(id, request, placeFor(id, request, parent, this.#options));
    this.#live.set(key, container);
    this.#terminations.forget(key);
    try {
      const { process, switchboard } = await startContainer(container, this.#options);
      container.process = process;
      if (switchboard !== undefined) container.switchboard = switchboard;
      void this.#follow(container, process);
    } catch (error) {
      this.#over(container, {});
      throw error instanceof HttpError ? error : new HttpError(400, messageOf(error));
    }
    // Somebody wanted it to end meanwhile.
    if (container.isDestroyed) this.#kill(container);
    return true;
  }

  /** Undefined: there is none, and none that ended and is still known. */
  async wait(id: ContainerId): Promise<Termination | undefined> {
    const key = textOfId(id);
    const live = this.#live.get(key);
    if (live !== undefined) return live.ended;
    if (this.#owned(id) !== undefined) return this.#terminations.wait(key);
    return isRoot(id) ? undefined : this.#terminations.get(key);
  }

  /** @returns whether there is one. @throws HttpError 500 */
  kill(id: ContainerId, signal: number): boolean {
    const live = this.#live.get(textOfId(id));
    const owned = this.#owned(id);
    if (live === undefined && owned === undefined) return false;
    if (live !== undefined && live.process === undefined) {
      void this.destroy(live);
      return true;
    }
    const targets = live?.process === undefined ? targetsOf(owned) : [live.process.commandId];
    const problem =
      signal < 0 || signal > 64 ? 'Invalid argument' : targets.length === 0 ? 'No such process' : undefined;
    if (problem !== undefined) throw new HttpError(500, `Unable to send signal to container: ${problem}`);
    if (live !== undefined) live.lastSignal = signal;
    for (const target of targets) this.#options.world.processes.signalProcess(target, signal);
    return true;
  }

  /** Forgets one that has ended, with its sandbox. @throws HttpError 500 */
  async remove(id: ContainerId): Promise<void> {
    const key = textOfId(id);
    if (this.#live.has(key) || this.#owned(id) !== undefined) {
      throw new HttpError(500, 'Nested container has not terminated yet');
    }
    const root = rootOf(id);
    const folder = this.#live.get(textOfId(root))?.place.directory ?? this.#owned(root)?.directory;
    if (folder === undefined) throw new HttpError(500, 'Unknown root container');
    this.#terminations.forget(key);
    await this.#options.world.sandboxes.remove(`${folder}${belowRoot(id)}`);
  }

  /** @throws HttpError 404, 500 */
  attach(id: ContainerId): Switchboard {
    const key = textOfId(id);
    // As the real one looks for an executor, which a container by itself has none of.
    if (this.#owned(rootOf(id)) === undefined) throw new HttpError(404, `Container ${key} cannot be found`);
    const live = this.#live.get(key);
    const owned = this.#owned(id);
    if (live === undefined && owned === undefined) throw new HttpError(500, `Unknown container ${key}`);
    const switchboard = live?.switchboard ?? owned?.running?.switchboard;
    if (switchboard !== undefined) return switchboard;
    throw new HttpError(500, 'I/O switchboard server was disabled for this container');
  }

  /** Ends it with all that is in it. */
  async destroy(container: Container): Promise<void> {
    container.isDestroyed = true;
    await this.#destroyIn(textOfId(container.id));
    container.controller.abort(new Error('Container destroyed during launching'));
    this.#kill(container);
    await container.ended;
  }

  /** One of a task or an executor has ended, and with it what is in it. @param status as wait(2) has it */
  ownerEnded(key: string, status: number | undefined): void {
    const termination = status === undefined ? {} : { exit_status: status };
    const isNested = key.includes('.');
    void this.#destroyIn(key).then(() => {
      if (!isNested) this.#terminations.forgetBelow(key);
    });
    if (isNested) this.#terminations.note(key, termination);
    this.#terminations.tell(key, termination);
  }

  async endAll(): Promise<void> {
    await Promise.all(this.live.map((each) => this.destroy(each)));
  }

  #owned(id: ContainerId): OwnedContainer | undefined {
    return findOwned(this.#options.table, id);
  }

  async #destroyIn(key: string): Promise<void> {
    const children = [...this.#live].filter(([each]) => each.startsWith(`${key}.`));
    await Promise.all(children.map(([, child]) => this.destroy(child)));
  }

  #kill({ process }: Container): void {
    if (process !== undefined) this.#options.world.processes.signalGroup(process.id, 'SIGKILL');
  }

  async #follow(container: Container, process: ContainerProcess): Promise<void> {
    const { agent, world } = this.#options;
    const forget = await recordProcess(agent.workDir, container.place.directory, process.id, world);
    const { status } = toTaskEnd(await process.ended);
    container.isDestroyed = true;
    await this.#destroyIn(textOfId(container.id));
    await within(container.switchboard?.finished, drainMs);
    container.switchboard?.close();
    await forget();
    this.#over(container, status === undefined ? {} : { exit_status: ofCommand(status, container) });
  }

  #over(container: Container, termination: Termination): void {
    const key = textOfId(container.id);
    this.#live.delete(key);
    if (!isRoot(container.id)) this.#terminations.note(key, termination);
    container.end(termination);
  }

  /** @throws HttpError 400 */
  #parentOf(id: ContainerId): Place {
    const key = textOfId(id);
    const live = this.#live.get(key);
    if (live?.isDestroyed === true) throw new HttpError(400, `Parent container ${key} is in 'DESTROYING' state`);
    if (live !== undefined) return live.place;
    const owned = this.#owned(id);
    if (owned === undefined) throw new HttpError(400, `Parent container ${key} does not exist`);
    // src/slave/containerizer/docker.cpp
    if (isOfDocker(owned)) throw new HttpError(400, 'Nested containers are not supported');
    return placeOfOwned(owned, this.#options);
  }
}

const belowRoot = ({ value, parent }: ContainerId): string =>
  parent === undefined ? '' : `${belowRoot(parent)}/containers/${value}`;

/** Of an executor that is no process: those of its tasks, which end with it. */
function targetsOf(owned: OwnedContainer | undefined): readonly number[] {
  const own = owned?.running?.processId;
  if (owned === undefined || own !== undefined || 'task' in owned) return own === undefined ? [] : [own];
  return [...owned.tasks].flatMap(({ running }) => running?.processId ?? []);
}

/** Who has a terminal is told by it how its command ended, as a shell tells that: 128 and the signal. */
function ofCommand(status: number, { process, lastSignal }: Container): number {
  const isTold = process !== undefined && process.commandId !== process.id;
  return isTold && lastSignal !== undefined && status === (128 + lastSignal) << 8 ? lastSignal : status;
}

async function within(promise: Promise<void> | undefined, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms).unref();
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
