/** As many as a TimeSeries of libprocess keeps. */
const capacity = 1000;

const percentiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, p9999: 0.9999 };

/** How long something took the last times, with what libprocess tells of a Timer (process/statistics.hpp). */
export class Timer {
  readonly #samples: number[] = [];
  #next = 0;

  record(ms: number): void {
    this.#samples[this.#next] = ms;
    this.#next = (this.#next + 1) % capacity;
  }

  /** By the name of each metric; nothing before it was recorded once. */
  metrics(name: string): Readonly<Record<string, number>> {
    const last = this.#samples.at(this.#next - 1);
    if (last === undefined) return {};
    if (this.#samples.length < 2) return { [name]: last };
    const sorted = [...this.#samples].sort((a, b) => a - b);
    const at = (index: number) => sorted[index] ?? last;
    const percentile = (part: number) => {
      const place = part * (sorted.length - 1);
      const below = Math.floor(place);
      return at(below) + (place - below) * (at(Math.min(below + 1, sorted.length - 1)) - at(below));
    };
    return {
      [name]: last,
      [`${name}/count`]: sorted.length,
      [`${name}/max`]: at(sorted.length - 1),
      [`${name}/min`]: at(0),
      ...Object.fromEntries(Object.entries(percentiles).map(([key, part]) => [`${name}/${key}`, percentile(part)])),
    };
  }
}
