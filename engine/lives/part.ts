import type { Component } from '../component.ts';
import type { Destination } from './watch-process.ts';
import { Life } from './life.ts';

/** What a part is in; `killed` and `stopped` ones are down until they are started. */
export type PartState = 'running' | 'stopped' | 'killed' | 'paused';

export interface PartOptions {
  /** Starts the component, within the life; all that it is given of the world is that life's (world-of-life.ts). */
  readonly start: (life: Life) => Promise<Component>;
  readonly log: (line: string) => void;
  /** How soon a component that has failed is started again, as a supervisor does. Default 1000. */
  readonly restartMs?: number;
}

/** A component that is started, stopped, killed, paused and cut off by itself, one thing after the other. */
export class Part {
  readonly #options: PartOptions;
  #state: PartState = 'stopped';
  #life = new Life();
  #component: Component | undefined;
  #restart: NodeJS.Timeout | undefined;
  #turns: Promise<unknown> = Promise.resolve();

  constructor(options: PartOptions) {
    this.#options = options;
  }

  get state(): PartState {
    return this.#state;
  }

  /** Some of its connections are cut. */
  get isCutOff(): boolean {
    return this.#life.isCutOff;
  }

  /** Starts it anew, or lets it go on where it was paused; does nothing when it runs. @throws what its start throws */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'paused') {
        this.#state = 'running';
        this.#life.resume();
      } else if (this.#state !== 'running') {
        await this.#startAnew();
      }
    });
  }

  /** Ends it as its own `stop` does; resolves when nothing of it is left. */
  stop(): Promise<void> {
    return this.#end((component) => component?.stop());
  }

  /** As stop, of one that does not come back: where the component can, it says so to the others. */
  leave(): Promise<void> {
    return this.#end(async (component) => {
      await component?.leave?.();
      await component?.stop();
    });
  }

  /** Ends it at once: nothing is said or saved. What runs besides it (tasks) runs on. */
  kill(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'stopped' || this.#state === 'killed') return;
      this.#state = 'killed';
      clearTimeout(this.#restart);
      await this.#life.kill();
    });
  }

  /** Lets it stand still: connections stay open, nothing is answered; `start` lets it go on. */
  pause(): Promise<void> {
    return this.#inTurn(() => {
      if (this.#state !== 'running') return;
      this.#state = 'paused';
      this.#life.pause();
    });
  }

  /** Cuts its connections to some destinations, present and future ones; undefined: mends them. */
  cutOff(isCutOff: ((to: Destination) => boolean) | undefined): Promise<void> {
    return this.#inTurn(() => {
      this.#life.cutOff(isCutOff);
    });
  }

  async #startAnew(): Promise<void> {
    const life = new Life();
    this.#life = life;
    try {
      this.#component = await life.run(() => this.#options.start(life));
    } catch (error) {
      await life.kill();
      throw error;
    }
    this.#state = 'running';
    void this.#component.failed?.then((error) => {
      if (life === this.#life && life.state !== 'over') this.#startAgain(error);
    });
  }

  /** It has ended by itself, as a real one exits: whoever runs that starts it again. */
  #startAgain(reason: unknown): void {
    const { log, restartMs = 1000 } = this.#options;
    log(`ended: ${reason instanceof Error ? reason.message : String(reason)}; it is started again`);
    const again = async () => {
      if (this.#state !== 'running') return;
      await this.#life.kill();
      await this.#startAnew().catch((error: unknown) => {
        this.#startAgain(error);
      });
    };
    Life.outside(() => {
      this.#restart = setTimeout(() => void this.#inTurn(again), restartMs).unref();
    });
  }

  #end(last: (component: Component | undefined) => Promise<void> | undefined): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state !== 'running' && this.#state !== 'paused') return;
      // As docker stop: what is paused gets the signal, and goes on to obey it.
      this.#life.resume();
      this.#state = 'stopped';
      clearTimeout(this.#restart);
      await this.#life.run(async () => last(this.#component));
      await this.#life.kill();
    });
  }

  #inTurn(action: () => Promise<void> | void): Promise<void> {
    const done = this.#turns.then(action);
    this.#turns = done.catch(() => undefined);
    return done;
  }
}
