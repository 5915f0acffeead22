import type { Member, SmallCluster } from './small-cluster.ts';
import type { Random } from './random.ts';

/** Something that happens to a component: what it is called in the journal, and when it has come to its end. */
export interface Happening {
  readonly text: string;
  readonly done: Promise<void>;
}

const kinds = ['kill', 'stop', 'pause', 'pause', 'start', 'partition', 'partition', 'heal'] as const;

/** Does something to some component; what is down comes up more often than not. */
export class Disorder {
  readonly #cluster: SmallCluster;
  readonly #random: Random;
  /** By the plan, which must not depend on how far each has come. */
  readonly #down = new Set<Member>();

  constructor(cluster: SmallCluster, random: Random) {
    this.#cluster = cluster;
    this.#random = random;
  }

  next(): Happening {
    const [cluster, random] = [this.#cluster, this.#random];
    const member = random.oneOf(cluster.all);
    const drawn = random.oneOf(kinds);
    if (drawn === 'partition' || drawn === 'heal') {
      return partition(random.oneOf(clientsIn(cluster)), cluster, random, drawn);
    }
    const kind = this.#down.has(member) && random.chance(0.7) ? 'start' : drawn;
    if (kind === 'start') this.#down.delete(member);
    else this.#down.add(member);
    return { text: `${kind} ${member.name}`, done: member.part[kind]() };
  }
}

const clientsIn = ({ agents, marathons }: SmallCluster): readonly Member[] => [...agents, ...agents, ...marathons];

/** Cuts a member off from all masters, or from some. */
function partition(member: Member, { masters }: SmallCluster, random: Random, kind: 'partition' | 'heal'): Happening {
  if (kind === 'heal') return { text: `heal ${member.name}`, done: member.part.cutOff(undefined) };
  const from = random.chance(0.6) ? masters : masters.filter(() => random.chance(0.5));
  const ports = new Set(from.map(({ url }) => Number(new URL(url).port)));
  return {
    text: `cut off ${member.name} from ${from.map(({ name }) => name).join(', ') || 'none'}`,
    done: member.part.cutOff(({ port }) => ports.has(port)),
  };
}

/** Lets all components run, and reach each other. */
export async function heal(cluster: SmallCluster): Promise<void> {
  await Promise.all(cluster.all.map(({ part }) => part.cutOff(undefined)));
  await Promise.all(cluster.all.map(({ part }) => part.start()));
}
