import type { NeededPort } from '../preflight/needed-links.ts';
import type { TriedLink } from '../preflight/probe-links.ts';
import type { Probe } from '../preflight/probe-script.ts';
import type { Finding } from '../../doctor-facet.ts';

export const wayNeed = 'Way to the other machines';
const wayFromHereNeed = 'Way from this machine';

/** Votes and messages of the cluster go back and forth many times: above this, everything becomes slow. */
const slowMs = 250;

/** Which ways were tried, and what is known already of the machines at their ends. */
export interface LinksAsked {
  readonly tried: readonly TriedLink[];
  /** Machines that this one cannot reach itself. */
  readonly unreached: readonly string[];
  /** Machines that do not have the address that the plan gives them. */
  readonly misplaced: readonly string[];
}

/** What came of trying the ways between machines: for each machine what answers, and each way that is not free. */
export function linkFindings(asked: LinksAsked): readonly Finding[] {
  const { tried } = asked;
  const names = [...new Set(tried.map(({ link }) => link.from))];
  return names.flatMap((node) => {
    const own = tried.filter(({ link }) => link.from === node);
    return [...answering(node, own), ...own.flatMap((each) => failing(each, asked)), ...unknown(node, own)];
  });
}

function answering(node: string, own: readonly TriedLink[]): readonly Finding[] {
  const open = own.filter(({ probes }) => probes?.every(({ ms }) => ms !== undefined));
  const probes = open.flatMap((each) => each.probes ?? []);
  const times = probes.flatMap(({ ms }) => ms ?? []);
  if (times.length === 0) return [];
  const ports = [...new Set(probes.map(({ port }) => port))].sort((one, other) => one - other);
  const found = `${listed(open.map(({ link }) => link.to))} answer${open.length === 1 ? 's' : ''} in ${spread(times)} (ports ${ports.join(', ')})`;
  // One that is late on a busy machine means nothing.
  if (middle(times) <= slowMs) return [{ node, need: wayNeed, ok: true, found }];
  const fix = `the machines of a cluster belong into one network (wired, without a VPN between them): above ${slowMs} ms elections and task starts become slow`;
  return [{ node, need: wayNeed, ok: false, isWarning: true, found, fix }];
}

/** A way with a port that does not answer, in words for who never saw a firewall. */
function failing({ link, probes = [] }: TriedLink, { unreached, misplaced }: LinksAsked): readonly Finding[] {
  const lost = probes.filter(({ ms }) => ms === undefined).toSorted(byPort);
  if (lost.length === 0) return [];
  const { from: node, to, address } = link;
  const ports = portWords(link.ports, lost);
  const why = [...new Set(lost.map(reasonOf))].join('; ');
  const some = lost.length < probes.length;
  const found = some
    ? `${to} (${address}) answers, but not at ${ports}: ${why}`
    : `${to} (${address}) is not reached at ${ports}: ${why}`;
  const list = [...new Set(lost.map(({ port }) => port))].join(',');
  const firewalld = list.split(',').map((port) => `--add-port=${port}/tcp`);
  const open = `let ${node} through at ${to}'s firewall (ufw: sudo ufw allow proto tcp from ${node}'s address to any port ${list}; firewalld: sudo firewall-cmd ${firewalld.join(' ')})`;
  const same = `are both in the same network? On ${node}: ping ${address}`;
  const fix = misplaced.includes(to)
    ? `${to} has another address: see there`
    : unreached.includes(to)
      ? `get ${to} back first: see there`
      : some
        ? open
        : `${same}; if that answers, ${open}`;
  return [{ node, need: wayNeed, ok: false, found, fix }];
}

const reasonOf = ({ words }: Probe): string =>
  words === 'no answer'
    ? 'nothing comes back, as from a machine that is off or behind a firewall'
    : words === 'no route to host'
      ? 'no route to host, which a machine that is off and a firewall that refuses both look like'
      : words;

function unknown(node: string, own: readonly TriedLink[]): readonly Finding[] {
  const blind = own.filter(({ probes }) => probes === undefined);
  if (blind.length === 0) return [];
  const found = `not tried to ${listed(blind.map(({ link }) => link.to))}: it takes bash on ${node} over SSH, or the lab's image on it`;
  return [{ node, need: wayNeed, ok: false, isWarning: true, found, fix: 'up tells if they do not find each other' }];
}

/** What came of connecting from here to a node, where `up` and `verify` ask. */
export interface TriedFromHere {
  readonly node: string;
  readonly address: string;
  readonly ports: readonly NeededPort[];
  readonly probes: readonly Probe[];
}

/** Whether this machine can see what runs on a node: `up` waits for it, and `verify` asks it. */
export function fromHereFinding({ node, address, ports, probes }: TriedFromHere): Finding {
  const need = wayFromHereNeed;
  const lost = probes.filter(({ ms }) => ms === undefined);
  if (lost.length === 0) {
    const found = `${address} answers in ${spread(probes.flatMap(({ ms }) => ms ?? []))} (ports ${probes.map(({ port }) => port).join(', ')})`;
    return { node, need, ok: true, found };
  }
  const found = `${address} does not answer at ${portWords(ports, lost)}: ${[...new Set(lost.map(reasonOf))].join('; ')}`;
  const fix = `let this machine through at ${node}'s firewall: up and verify ask there. ping ${address}`;
  return { node, need, ok: false, found, fix };
}

const portWords = (ports: readonly NeededPort[], probes: readonly Probe[]): string =>
  probes.map(({ port }) => `${port} (${ports.find((each) => each.port === port)?.what ?? 'tcp'})`).join(', ');

const middle = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

const byPort = (one: { readonly port: number }, other: { readonly port: number }) => one.port - other.port;

function spread(times: readonly number[]): string {
  const [least, most] = [Math.min(...times).toFixed(1), Math.max(...times).toFixed(1)];
  return least === most ? `${most} ms` : `${least} to ${most} ms`;
}

function listed(names: readonly string[]): string {
  const [last = '', ...rest] = names.toReversed();
  return rest.length === 0 ? last : `${rest.toReversed().join(', ')} and ${last}`;
}
