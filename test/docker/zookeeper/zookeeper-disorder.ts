import type { Happening } from '../../engine/invariant/disorder.ts';
import type { Random } from '../../engine/invariant/random.ts';
import type { Ensemble } from './zookeeper-ensemble.ts';

const members = [1, 2, 3] as const;
const share = 0.15;

/** Kills and pauses members of a real ensemble by chance, and brings them back. */
export class ZookeeperDisorder {
  readonly #ensemble: Ensemble;
  /** By the plan, of those that are not as they should be: what brings them back. */
  readonly #down = new Map<number, 'unpause' | 'start'>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ensemble: Ensemble) {
    this.#ensemble = ensemble;
  }

  next(random: Random): Happening | undefined {
    if (!random.chance(share)) return undefined;
    const member = random.oneOf(members);
    const isKilled = random.chance(0.5);
    const back = this.#down.get(member);
    if (back !== undefined) this.#down.delete(member);
    else this.#down.set(member, isKilled ? 'start' : 'unpause');
    const verb = back ?? (isKilled ? 'kill' : 'pause');
    return { text: `${verb} zookeeper${member}`, done: this.#do(verb, member) };
  }

  async heal(): Promise<void> {
    for (const [member, back] of this.#down) await this.#do(back, member);
    this.#down.clear();
    await this.#turn;
    await this.#ensemble.isServing();
  }

  /** One after the other, in the order of the plan. */
  #do(verb: 'kill' | 'pause' | 'start' | 'unpause', member: number): Promise<void> {
    const done = this.#turn.then(() => this.#ensemble.each(verb, member));
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
