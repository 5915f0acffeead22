/** The network of a lab on one host where addresses are known before it is made. */
export interface LabNetwork {
  readonly subnet: string;
  /** What Docker gives out itself. */
  readonly range: string;
  /** This machine in it. */
  readonly gateway: string;
  readonly mesosDns: string;
}

/** What of a lab's network is for the containers in the Engine of one agent. */
export interface AgentRange {
  readonly subnet: string;
  /** The agent in it. */
  readonly gateway: string;
}

/** Networks of 8 times 256 addresses: 256 as in the others, and the rest in quarters, one for each agent. */
const ofTasks = { bits: 21, thirds: 8, quarter: 64, quarterBits: 26 };

/** How many agents have a range. */
export const mostAgentRanges = (ofTasks.thirds - 1) * 4;

/** The third number of its addresses, which are 198.19.0.0 to 198.19.255.255. */
function thirdNumber(name: string, portOffset: number, hasAgentRanges: boolean): number {
  const sum = Array.from(name).reduce((before, letter) => (before * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
  const moved = sum + Math.floor(portOffset / 100);
  return hasAgentRanges ? (moved % (256 / ofTasks.thirds)) * ofTasks.thirds : moved % 256;
}

/**
 * The middle of the addresses is of the lab's name, so that two labs seldom have the same, and moves with its ports. The
 * range is meant for tests of networks (RFC 2544), so that no machine needs it for anything else; its other half has users.
 * @param hasAgentRanges it has more addresses, of which some are for each agent (agentRange)
 */
export function labNetwork(name: string, portOffset: number, hasAgentRanges = false): LabNetwork {
  const network = `198.19.${thirdNumber(name, portOffset, hasAgentRanges)}`;
  return {
    subnet: `${network}.0/${hasAgentRanges ? ofTasks.bits : 24}`,
    range: `${network}.128/25`,
    gateway: `${network}.1`,
    mesosDns: `${network}.53`,
  };
}

/** @param ordinal of the agent, from 1 to mostAgentRanges */
export function agentRange(name: string, portOffset: number, ordinal: number): AgentRange {
  const third = thirdNumber(name, portOffset, true) + 1 + Math.floor((ordinal - 1) / 4);
  const last = ((ordinal - 1) % 4) * ofTasks.quarter;
  const network = `198.19.${third}`;
  return { subnet: `${network}.${last}/${ofTasks.quarterBits}`, gateway: `${network}.${last + 1}` };
}
