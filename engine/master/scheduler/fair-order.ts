import { allocationOf } from '../allocations.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { FrameworkRecord } from '../records.ts';
import { weightOf } from '../quota/weights.ts';
import type { Registry } from '../registry/registry.ts';
import { scalarOf, type Resources } from '../resources.ts';

/** A framework that wants offers for one of its roles. */
export interface Candidate {
  readonly framework: FrameworkRecord;
  readonly role: string;
}

interface Ranked {
  /** Of those with the same share the elder is first. */
  readonly age: number;
  /** What it has counts by this: with twice the weight as half. */
  readonly weight: number;
  cpus: number;
  mem: number;
}

interface Member extends Ranked {
  readonly candidate: Candidate;
}

interface Role extends Ranked {
  readonly members: Member[];
}

/**
 * Roles by their dominant share, and in each the frameworks by theirs, least first (HierarchicalAllocatorProcess in
 * src/master/allocator/mesos, with the DRFSorter beside it).
 */
export class FairOrder {
  readonly #sums: ClusterState['sums'];
  readonly #roles: Role[];

  constructor(candidates: readonly Candidate[], { sums, frameworks }: ClusterState, registry: Registry) {
    this.#sums = sums;
    const roles = new Map<string, Role>();
    for (const [age, candidate] of candidates.entries()) {
      const role = roles.get(candidate.role) ?? {
        age,
        weight: weightOf(registry, candidate.role),
        cpus: 0,
        mem: 0,
        members: [],
      };
      roles.set(candidate.role, role);
      role.members.push({ candidate, age, weight: 1, ...amountOf(candidate.framework, candidate.role) });
    }
    for (const framework of frameworks.values()) {
      for (const name of framework.allocations.keys()) {
        const role = roles.get(name);
        if (role !== undefined) add(role, amountOf(framework, name));
      }
    }
    for (const { members } of roles.values()) members.sort(this.#compare);
    this.#roles = [...roles.values()].sort(this.#compare);
  }

  /** The first that may have something. */
  find(mayHave: (candidate: Candidate) => boolean): Candidate | undefined {
    for (const { members } of this.#roles) {
      const found = members.find(({ candidate }) => mayHave(candidate));
      if (found !== undefined) return found.candidate;
    }
    return undefined;
  }

  /** It was offered something: it moves back, and its role does. */
  update(candidate: Candidate, offered: Resources): void {
    const role = this.#roles.find(({ members }) => members[0]?.candidate.role === candidate.role);
    const member = role?.members.find((each) => each.candidate === candidate);
    if (role === undefined || member === undefined) return;
    const amount = { cpus: scalarOf(offered, 'cpus'), mem: scalarOf(offered, 'mem') };
    this.#move(role.members, member, amount);
    this.#move(this.#roles, role, amount);
  }

  #move<Item extends Ranked>(items: Item[], item: Item, amount: Readonly<Pick<Ranked, 'cpus' | 'mem'>>): void {
    items.splice(items.indexOf(item), 1);
    add(item, amount);
    const to = items.findIndex((each) => this.#compare(each, item) > 0);
    items.splice(to < 0 ? items.length : to, 0, item);
  }

  readonly #compare = (a: Ranked, b: Ranked) => this.#shareOf(a) - this.#shareOf(b) || a.age - b.age;

  #shareOf(amount: Ranked): number {
    const share = (name: 'cpus' | 'mem') => {
      const total = this.#sums.of('total', name);
      return total === 0 ? 0 : amount[name] / total;
    };
    return Math.max(share('cpus'), share('mem')) / amount.weight;
  }
}

function add(to: Ranked, { cpus, mem }: Readonly<Pick<Ranked, 'cpus' | 'mem'>>): void {
  to.cpus += cpus;
  to.mem += mem;
}

function amountOf(framework: FrameworkRecord, role: string) {
  const { used, offered } = allocationOf(framework, role);
  return {
    cpus: scalarOf(used, 'cpus') + scalarOf(offered, 'cpus'),
    mem: scalarOf(used, 'mem') + scalarOf(offered, 'mem'),
  };
}
