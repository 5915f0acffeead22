/** How many apps use which service port: kept while apps come and go, so that nobody has to ask all of them. */
export class PortUsage {
  readonly #counts = new Map<number, number>();
  /** From `#first` on, all ports below `#lowest` are in use. */
  #first = 0;
  #lowest = 0;

  has(port: number): boolean {
    return this.#counts.has(port);
  }

  add(ports: readonly number[]): void {
    for (const port of ports) this.#counts.set(port, (this.#counts.get(port) ?? 0) + 1);
  }

  remove(ports: readonly number[]): void {
    for (const port of ports) {
      const left = (this.#counts.get(port) ?? 0) - 1;
      if (left > 0) this.#counts.set(port, left);
      else {
        this.#counts.delete(port);
        this.#lowest = Math.min(this.#lowest, port);
      }
    }
  }

  /** The lowest one that nobody uses, of those from a port on. */
  lowestUnused(first: number): number {
    if (first !== this.#first) [this.#first, this.#lowest] = [first, first];
    this.#lowest = Math.max(this.#lowest, first);
    while (this.#counts.has(this.#lowest)) this.#lowest += 1;
    return this.#lowest;
  }
}
