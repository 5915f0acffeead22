import { isIP } from 'node:net';

/** Addresses of a host, as far as they are known by now. */
export type AddressesOf = (host: string) => readonly string[];

/** How often a name is looked up again. */
const staleMs = 60_000;
/** And one that was not found. */
const retryMs = 5000;
const mostNames = 10_000;

interface Known {
  readonly addresses: readonly string[];
  readonly until: number;
}

interface HostAddressesOptions {
  /** Empty when nothing resolves it. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** In milliseconds. */
  readonly now: () => number;
  /** What is known has changed. */
  readonly onChange: () => void;
}

/** Addresses of hosts by name: what is not known is looked up, and known later. */
export class HostAddresses {
  readonly #options: HostAddressesOptions;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Set<string>();

  constructor(options: HostAddressesOptions) {
    this.#options = options;
  }

  /** As far as it is known now. */
  of(host: string): readonly string[] {
    if (isIP(host) !== 0) return [host];
    const known = this.#known.get(host);
    if ((known === undefined || known.until < this.#options.now()) && !this.#asked.has(host)) void this.#look(host);
    return known?.addresses ?? [];
  }

  async #look(host: string): Promise<void> {
    if (this.#known.size >= mostNames) this.#known.clear();
    this.#asked.add(host);
    const found = await this.#options.resolve(host).catch(() => []);
    this.#asked.delete(host);
    const before = this.#known.get(host)?.addresses;
    // A name that was there once is not gone because a server does not answer.
    const addresses = found.length === 0 ? (before ?? []) : found;
    this.#known.set(host, { addresses, until: this.#options.now() + (found.length === 0 ? retryMs : staleMs) });
    if (before?.join() !== addresses.join() && addresses.length > 0) this.#options.onChange();
  }
}
