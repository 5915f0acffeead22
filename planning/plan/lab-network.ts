/** The network of a lab on one host whose Mesos-DNS needs a fixed address. */
export interface LabNetwork {
  readonly subnet: string;
  /** What Docker gives out itself. */
  readonly range: string;
  /** This machine in it. */
  readonly gateway: string;
  readonly mesosDns: string;
}

/**
 * The middle of the addresses is of the lab's name, so that two labs seldom have the same, and moves with its ports. The
 * range is meant for tests of networks (RFC 2544), so that no machine needs it for anything else; its other half has users.
 */
export function labNetwork(name: string, portOffset: number): LabNetwork {
  const sum = Array.from(name).reduce((before, letter) => (before * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
  const network = `198.19.${(sum + Math.floor(portOffset / 100)) % 256}`;
  return {
    subnet: `${network}.0/24`,
    range: `${network}.128/25`,
    gateway: `${network}.1`,
    mesosDns: `${network}.53`,
  };
}
