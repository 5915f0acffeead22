import type { ClusterTarget } from '../../checks/cluster-target.ts';
import type { Clock } from '../../platform/clock.ts';
import { isUserError } from '../../errors/user-error.ts';
import { agentsOf, type AgentAddress, type SandboxWorld } from '../apps/task-sandbox.ts';
import { agentFiles } from './agent-files.ts';
import { AgentWatch, type TaskView } from './agent-watch.ts';

/** Who is asked for the output of tasks, and who is told of agents. */
export interface TaskLogsWorld extends SandboxWorld {
  readonly target: ClusterTarget;
  readonly clock: Clock;
  readonly note: (text: string) => void;
}

/** What is followed. */
export interface TaskLogsRequest extends TaskView {
  /** Tasks on simulated agents that are shown; of those agents others are not asked. */
  readonly simulated: readonly string[];
  readonly follow: boolean;
  /** Called once, with what is there handed over. */
  readonly caughtUp: () => void;
  /** Whether the lab is not there any more: then nobody has to be waited for. */
  readonly isLabGone: () => Promise<boolean>;
}

/** Between two looks at an agent, and at the master for new agents; more where they take long. */
const pauseMs = 500;
const mastersMs = 2000;
const mostPauseMs = 10_000;
/** Of the time that there is, looks take a fifth at most. */
const pausePerLook = 4;

/** So long nobody has to answer until the cluster is gone: a new leader is elected in half of it. */
const goneMs = 30_000;
/** After this the runtime is asked whether there still is a lab. */
const silenceMs = 5000;

/**
 * Hands over what tasks write, from all agents that the masters know or knew. Each agent is followed by itself, so that one
 * that does not answer holds up no other; it is said once, and once more when it is back.
 * @returns without `follow` after one look; otherwise when the signal aborts, or nobody has answered for a while
 */
export async function followTasks(world: TaskLogsWorld, request: TaskLogsRequest): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([world.signal, gone.signal]);
  const tasks = new TaskLogs({ ...world, signal }, request);
  try {
    await tasks.findAgents();
    await tasks.lookAtAll();
    request.caughtUp();
    if (request.follow) await tasks.follow(gone);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await tasks.ended();
  tasks.end();
}

interface Followed {
  readonly watch: AgentWatch;
  isLost: boolean;
}

class TaskLogs {
  readonly #world: TaskLogsWorld;
  readonly #request: TaskLogsRequest;
  /** By their URLs: an agent that takes the place of another one is that one, back again. */
  readonly #agents = new Map<string, Followed>();
  readonly #loops: Promise<void>[] = [];
  #answeredAt: number;
  #wasAsked = false;

  constructor(world: TaskLogsWorld, request: TaskLogsRequest) {
    [this.#world, this.#request] = [world, request];
    this.#answeredAt = world.clock.now();
  }

  /** @returns those that are new */
  async findAgents(): Promise<readonly Followed[]> {
    const { client, signal, clock } = this.#world;
    let found: readonly AgentAddress[] = [];
    try {
      found = await agentsOf(this.#world, this.#request.simulated);
      this.#answeredAt = clock.now();
    } catch (error) {
      if (signal.aborted || !isUserError(error)) throw error;
      // Of a cluster that loses its leader later the masters' own lines say it.
      if (!this.#wasAsked) this.#world.note(`No tasks yet: ${error.message}`);
    }
    this.#wasAsked = true;
    const fresh = found.filter(({ url }) => !this.#agents.has(url));
    return fresh.map((agent) => {
      const watch = new AgentWatch(this.#nameOf(agent), agentFiles(client, agent.url, signal), this.#request);
      const followed = { watch, isLost: false };
      this.#agents.set(agent.url, followed);
      return followed;
    });
  }

  async lookAtAll(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => this.#look(agent)));
  }

  async follow(gone: AbortController): Promise<void> {
    const { clock, signal } = this.#world;
    for (const agent of this.#agents.values()) this.#follow(agent, gone);
    while (!signal.aborted) {
      const started = clock.now();
      for (const agent of await this.findAgents()) this.#follow(agent, gone);
      if (await this.#isGone()) {
        this.#world.note('Nobody of the cluster answers any more');
        gone.abort();
      }
      await clock.sleep(pauseAfter(clock.now() - started, mastersMs), signal);
    }
  }

  async ended(): Promise<void> {
    await Promise.all(this.#loops);
  }

  end(): void {
    for (const { watch } of this.#agents.values()) watch.end();
  }

  #follow(agent: Followed, stop: AbortController): void {
    const loop = async () => {
      const { clock, signal } = this.#world;
      while (!signal.aborted) {
        const started = clock.now();
        await this.#look(agent);
        await clock.sleep(pauseAfter(clock.now() - started, pauseMs), signal);
      }
    };
    const ended = loop().catch((error: unknown) => {
      if (this.#world.signal.aborted) return;
      stop.abort();
      throw error;
    });
    // Waited for in the end.
    ended.catch(() => undefined);
    this.#loops.push(ended);
  }

  async #look(agent: Followed): Promise<void> {
    const { signal, note, clock } = this.#world;
    const { watch } = agent;
    try {
      await watch.look();
      this.#answeredAt = clock.now();
      if (agent.isLost) note(`${watch.name} answers again: what its tasks write is shown`);
      agent.isLost = false;
    } catch (error) {
      if (signal.aborted || !isNoAnswer(error)) throw error;
      const then = this.#request.follow ? 'shown once it is back' : 'not shown';
      if (!agent.isLost) note(`${watch.name} does not answer (${error.message}): what its tasks write is ${then}`);
      agent.isLost = true;
    }
  }

  #nameOf({ hostname, port }: AgentAddress): string {
    const planned = this.#world.target.expected?.agents.find(
      (each) => each.hostname === hostname && each.port === port,
    );
    return planned?.name ?? `${hostname}:${port}`;
  }

  async #isGone(): Promise<boolean> {
    const silentMs = this.#world.clock.now() - this.#answeredAt;
    return silentMs > goneMs || (silentMs > silenceMs && (await this.#request.isLabGone()));
  }
}

/** Not by class alone: errors of a chunk that is loaded later have classes of their own. */
const isNoAnswer = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'UnreachableError' || error.name === 'AgentRefusal');

const pauseAfter = (tookMs: number, leastMs: number) => Math.min(Math.max(leastMs, pausePerLook * tookMs), mostPauseMs);
