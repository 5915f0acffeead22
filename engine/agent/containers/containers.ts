import { HttpError } from '../../http/http-answer.ts';
import { recordProcess } from '../recovery/orphans.ts';
import {
  newContainer,
  type Container,
  type ContainerProcess,
  type ContainerRequest,
  type Termination,
} from './container.ts';
import { belowRoot, isRoot, rootOf, textOfId, type ContainerId } from './container-id.ts';
import type { ContainerRecord } from './container-records.ts';
import {
  attachContainer,
  parentPlace,
  placeFor,
  startContainer,
  type ContainersOptions,
  type Started,
} from './container-start.ts';
import { findOwned, isRootCheckpointed, type OwnedContainer, type Place } from './place.ts';
import { withinTime } from '../tasks/within-time.ts';
import { statusOfCommand, targetsOf } from './signal-targets.ts';
import type { Switchboard } from './switchboard.ts';
import { Terminations } from './terminations.ts';

/** How long an end waits for listeners that are slow. */
const drainMs = 5000;

/**
 * Containers within those of tasks and executors, or by themselves, that somebody asks the agent's operator API for
 * (docs/nested-container-and-task-group.md; src/slave/containerizer/mesos/containerizer.cpp, whose texts these are). They
 * end with the one that they are in. Those that need nothing of the agent's process outlive it, and the next one goes on
 * with them; sessions and terminals end with it.
 */
export class Containers {
  readonly #options: ContainersOptions;
  readonly #live = new Map<string, Container>();
  /** The agent stops, and what outlives it is not its any more. */
  #letsGo = false;
  readonly #terminations: Terminations;

  constructor(options: ContainersOptions) {
    this.#options = options;
    this.#terminations = new Terminations((key) => void options.records.forget(key));
  }

  get live(): readonly Container[] {
    return [...this.#live.values()];
  }

  /** Resolves when it runs, with false if one of that id runs already. @throws HttpError 400 */
  async launch(id: ContainerId, request: ContainerRequest): Promise<boolean> {
    const key = textOfId(id);
    if (this.#live.has(key) || this.#owned(id) !== undefined) return false;
    const parent = id.parent === undefined ? undefined : parentPlace(id.parent, this.#live, this.#options);
    const container = this.#add(id, request, placeFor(id, request, parent, this.#options));
    this.#terminations.forget(key);
    try {
      // Before anything runs: an agent that comes after this one must know of it.
      if (container.isCheckpointed) await this.#save(container);
      this.#runs(container, await startContainer(container, this.#options));
    } catch (error) {
      this.#over(container, {});
      throw error instanceof HttpError ? error : new HttpError(400, messageOf(error));
    }
    return true;
  }

  /** Goes on with those of a former agent, whose tasks are in the table. @param former outermost first */
  recover(former: readonly ContainerRecord[]): void {
    const { records } = this.#options;
    for (const { id, request, termination } of former) {
      const isThere = isRoot(id) || this.#live.has(textOfId(rootOf(id))) || this.#owned(rootOf(id)) !== undefined;
      if (!isThere) void records.forget(id);
      else if (termination !== undefined) this.#terminations.note(textOfId(id), termination);
      else void this.#goOn(id, request);
    }
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
  async kill(id: ContainerId, signal: number): Promise<boolean> {
    const live = this.#live.get(textOfId(id));
    const owned = this.#owned(id);
    if (live === undefined && owned === undefined) return false;
    if (live !== undefined && live.process === undefined) {
      void this.destroy(live);
      return true;
    }
    const targets = await targetsOf(live, owned);
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

  /** Lets go of those that outlive the agent, and ends the others. */
  async letGo(): Promise<void> {
    this.#letsGo = true;
    for (const { process } of this.live) process?.letGo?.();
    const mortal = this.live.filter(({ process }) => process?.letGo === undefined);
    await Promise.all(mortal.map((each) => this.destroy(each)));
    await this.#options.records.close();
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

  #add(id: ContainerId, request: ContainerRequest, place: Place): Container {
    const needsAgent = request.isDebug || request.container?.tty_info !== undefined;
    const parent = id.parent === undefined ? undefined : this.#live.get(textOfId(id.parent));
    const isCheckpointed = !needsAgent && (parent?.isCheckpointed ?? isRootCheckpointed(this.#options.table, id));
    const container = newContainer({ id, request, place, isCheckpointed });
    this.#live.set(textOfId(id), container);
    return container;
  }

  /** Never rejects. */
  async #goOn(id: ContainerId, request: ContainerRequest): Promise<void> {
    const { records, world } = this.#options;
    try {
      const parent = id.parent === undefined ? undefined : parentPlace(id.parent, this.#live, this.#options);
      const container = this.#add(id, request, placeFor(id, request, parent, this.#options));
      const process = await attachContainer(container, this.#options).catch(() => undefined);
      if (process === undefined) this.#over(container, {});
      else this.#runs(container, { process });
    } catch (error) {
      world.log(`Container ${textOfId(id)} is forgotten: ${messageOf(error)}`);
      await records.forget(id);
    }
  }

  #runs(container: Container, { process, switchboard }: Started): void {
    container.process = process;
    if (switchboard !== undefined) container.switchboard = switchboard;
    void this.#follow(container, process);
    // Somebody wanted it to end meanwhile.
    if (container.isDestroyed) this.#kill(container);
  }

  #save({ id, request, place }: Container, termination?: Termination): Promise<void> {
    const ended = termination === undefined ? {} : { termination };
    return this.#options.records.save({ id, request, directory: place.directory, ...ended });
  }

  async #follow(container: Container, process: ContainerProcess): Promise<void> {
    const { agent, world } = this.#options;
    // One that was destroyed while it started is not let go: somebody waits for its end.
    if (this.#letsGo && !container.isDestroyed) process.letGo?.();
    const forget = await recordProcess(agent.workDir, container.place.directory, process.id, world);
    const end = await process.ended;
    if (end === undefined) return;
    const { status } = end;
    container.isDestroyed = true;
    await this.#destroyIn(textOfId(container.id));
    if (container.switchboard !== undefined) await withinTime(container.switchboard.finished, drainMs);
    container.switchboard?.close();
    await forget();
    this.#over(container, status === undefined ? {} : { exit_status: statusOfCommand(status, container) });
  }

  #over(container: Container, termination: Termination): void {
    const key = textOfId(container.id);
    this.#live.delete(key);
    if (isRoot(container.id)) void this.#options.records.forget(key);
    else {
      this.#terminations.note(key, termination);
      if (isRootCheckpointed(this.#options.table, container.id))
        this.#save(container, termination).catch(() => undefined);
    }
    container.end(termination);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
