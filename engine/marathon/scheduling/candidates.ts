import { MinHeap } from '../../framework/min-heap.ts';
import type { OpenOffer } from './open-offer.ts';

interface CandidateOptions {
  readonly offers: readonly OpenOffer[];
  /** Those with the least come first; it may only grow. */
  readonly load: (offer: OpenOffer) => number;
  /** Offers of one group are allowed, or not, together. */
  readonly group: (offer: OpenOffer) => string;
  readonly isAllowed: (offer: OpenOffer) => boolean;
}

/**
 * Offers that may serve an app, the least loaded first and then as they came. Each is looked at when it is its turn:
 * launching many instances does not sort all offers for each of them. A group that is not allowed is set aside as a
 * whole until an instance has been launched.
 */
export class Candidates {
  readonly #options: CandidateOptions;
  /** The group of each offer, by its index, without the first of the group. */
  readonly #groups: readonly MinHeap[];
  /** The first of each group; a key has the load and the index of an offer. */
  readonly #heads = new MinHeap();
  #aside: number[] = [];

  constructor(options: CandidateOptions) {
    this.#options = options;
    const names = options.offers.map((offer) => options.group(offer));
    const groups = new Map<string, number[]>();
    options.offers.forEach((offer, index) => {
      const group = groups.get(names[index] ?? '') ?? [];
      group.push(this.#key(offer, index));
      groups.set(names[index] ?? '', group);
    });
    const heaps = new Map([...groups].map(([name, keys]) => [name, new MinHeap(keys)] as const));
    this.#groups = names.map((name) => heaps.get(name) ?? new MinHeap());
    for (const heap of heaps.values()) this.#showNext(heap);
  }

  /** The next one; then say `launched` or `refused`. Undefined when there is none that is allowed. */
  next(): OpenOffer | undefined {
    for (let key = this.#heads.peek(); key !== undefined; key = this.#heads.peek()) {
      const [offer, index] = this.#at(key);
      const now = this.#key(offer, index);
      if (now === key && this.#options.isAllowed(offer)) return offer;
      this.#heads.pop();
      if (now === key) this.#aside.push(key);
      else this.#return(index, now);
    }
    return undefined;
  }

  /** The offer that came last has one more instance; whether it may get another. */
  launched(mayGetMore: boolean): void {
    const key = this.#heads.pop();
    if (key !== undefined) {
      const [offer, index] = this.#at(key);
      if (mayGetMore) this.#return(index, this.#key(offer, index));
      else this.#showNext(this.#groupOf(index));
    }
    for (const each of this.#aside) this.#heads.push(each);
    this.#aside = [];
  }

  /** The offer that came last will not do, now or later. */
  refused(): void {
    const key = this.#heads.pop();
    if (key !== undefined) this.#showNext(this.#groupOf(this.#at(key)[1]));
  }

  /** Those of the groups that were not allowed in the end. They are gone afterwards. */
  *setAside(): Iterable<OpenOffer> {
    for (const first of this.#aside) {
      const group = this.#groupOf(this.#at(first)[1]);
      for (let key: number | undefined = first; key !== undefined; key = group.pop()) yield this.#at(key)[0];
    }
  }

  #return(index: number, key: number): void {
    const group = this.#groupOf(index);
    group.push(key);
    this.#showNext(group);
  }

  #showNext(group: MinHeap): void {
    const key = group.pop();
    if (key !== undefined) this.#heads.push(key);
  }

  #key(offer: OpenOffer, index: number): number {
    return this.#options.load(offer) * this.#options.offers.length + index;
  }

  #at(key: number): readonly [OpenOffer, number] {
    const { offers } = this.#options;
    const index = key % offers.length;
    const offer = offers[index];
    if (offer === undefined) throw new Error(`no offer ${index}`);
    return [offer, index];
  }

  #groupOf(index: number): MinHeap {
    const group = this.#groups[index];
    if (group === undefined) throw new Error(`no offer ${index}`);
    return group;
  }
}
