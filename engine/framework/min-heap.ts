/** Numbers, the smallest first out. */
export class MinHeap {
  readonly #items: number[];

  constructor(items: Iterable<number> = []) {
    this.#items = [...items];
    for (let index = (this.#items.length >> 1) - 1; index >= 0; index -= 1) this.#sink(index);
  }

  peek(): number | undefined {
    return this.#items[0];
  }

  push(item: number): void {
    let index = this.#items.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#items[parent] ?? item;
      if (above <= item) break;
      this.#items[index] = above;
      index = parent;
    }
    this.#items[index] = item;
  }

  pop(): number | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.#sink(0);
    }
    return first;
  }

  /** Lets an item sink to where nothing below it is smaller. */
  #sink(from: number): void {
    const items = this.#items;
    const item = items[from];
    if (item === undefined) return;
    let index = from;
    for (;;) {
      const left = items[2 * index + 1];
      if (left === undefined) break;
      const right = items[2 * index + 2];
      const isRight = right !== undefined && right < left;
      const smaller = isRight ? right : left;
      if (smaller >= item) break;
      items[index] = smaller;
      index = 2 * index + (isRight ? 2 : 1);
    }
    items[index] = item;
  }
}
