import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';

/** How this machine, or container, is called and found by others. */
export interface OwnAddress {
  /** As the system calls it. */
  readonly hostname: () => string;
  /** IPv4 address of a name; undefined when nothing resolves it. */
  readonly resolve: (name: string) => Promise<string | undefined>;
}

/** The real one. In a container its own name is in /etc/hosts. */
export const ownAddress: OwnAddress = {
  hostname,
  resolve: async (name) => {
    try {
      return (await lookup(name, { family: 4 })).address;
    } catch {
      return undefined;
    }
  },
};
