import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** The IPv4 address of a name; rejects when there is none. */
export type LookUp = (name: string) => Promise<string>;

const byThisMachine: LookUp = async (name) => (await lookup(name, 4)).address;

/** A container that comes back may have another address. */
const validMs = 60_000;
/** What is not found by then is left out until the next time. */
const patienceMs = 1000;

/**
 * Finds the addresses of hosts, which marathon-lb's names of servers hold (`agent1_172_18_0_5_31005`); connections go to
 * the names. What has no address is left out.
 * @param now in milliseconds
 */
export function hostAddresses(
  lookUp: LookUp = byThisMachine,
  now: () => number = () => performance.now(),
): (names: ReadonlySet<string>) => Promise<Readonly<Record<string, string>>> {
  const known = new Map<string, { readonly address: Promise<string | undefined>; readonly until: number }>();
  const addressOf = (name: string) => {
    const entry = known.get(name);
    if (entry !== undefined && entry.until > now()) return entry.address;
    const address = lookUp(name).catch(() => undefined);
    known.set(name, { address, until: now() + validMs });
    return address;
  };
  return async (names) => {
    const wanted = [...names].filter((name) => isIP(name) === 0);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, patienceMs, undefined);
    });
    const look = async (name: string) => [name, await Promise.race([addressOf(name), late])] as const;
    const found = await Promise.all(wanted.map(look));
    clearTimeout(timer);
    for (const name of known.keys()) if (!names.has(name)) known.delete(name);
    return Object.fromEntries(found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
  };
}
