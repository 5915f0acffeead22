import { listAt, numberAt, textAt, valueAt } from '../protocol/json.ts';
import { lackedScalars, lastDeclines } from '../protocol/marathon/offer-declines.ts';

export interface WaitingAgents {
  /** They have a part each of the ports of one machine. */
  readonly sharePorts?: boolean;
}

/**
 * Why instances of an app wait, as far as Marathon knows: what the last offer of each agent lacked.
 * @param queue `GET /v2/queue`
 * @returns `no offer fits: 2 agents have less than 4 cpus free; 1 agent does not offer port 8080`; undefined when it does
 *   not wait, or nothing is known
 */
export const whyWaiting = (queue: unknown, id: string, agents: WaitingAgents = {}): string | undefined =>
  whyItemWaits(queueItemOf(queue, id), agents);

/** As whyWaiting, of one that is found already. @param item of `GET /v2/queue` */
export function whyItemWaits(item: unknown, agents: WaitingAgents = {}): string | undefined {
  const app = valueAt(item, 'app');
  const reasons = lastDeclines(item).map(({ reason, declined }) => {
    const count = declined === 1 ? '1 agent' : `${declined} agents`;
    return `${count}: ${inWords(reason, app, agents)}`;
  });
  return reasons.length === 0 ? undefined : `no offer fits: ${reasons.join('; ')}`;
}

/** Of an app or a pod. @param queue `GET /v2/queue` */
export const queueItemOf = (queue: unknown, id: string): unknown =>
  listAt(queue, 'queue').find((each) => (textAt(each, 'app', 'id') ?? textAt(each, 'pod', 'id')) === id);

function inWords(reason: string, app: unknown, { sharePorts = false }: WaitingAgents): string {
  const scalar = lackedScalars[reason];
  if (scalar !== undefined) {
    const [field, unit] = scalar;
    const wanted = numberAt(app, field);
    return wanted === undefined ? `too few ${unit} free` : `less than ${wanted} ${unit} free`;
  }
  if (reason === 'UnfulfilledRole') return `no resources of the role ${rolesOf(app)}`;
  if (reason === 'UnfulfilledConstraint') return `constraint not met (${constraintsOf(app)})`;
  if (reason === 'InsufficientPorts') return portsInWords(fixedPortsOf(app), sharePorts);
  if (reason === 'NoCorrespondingReservationFound') return 'no reservation for it';
  if (reason === 'AgentMaintenance') return 'maintenance';
  if (reason === 'DeclinedScarceResources') return 'has gpus, which are kept for apps that ask for them';
  return reason;
}

function rolesOf(app: unknown): string {
  const roles = listAt(app, 'acceptedResourceRoles').filter((role) => typeof role === 'string');
  return roles.length > 0 ? roles.join(' or ') : (textAt(app, 'role') ?? '*');
}

function constraintsOf(app: unknown): string {
  const constraints = listAt(app, 'constraints').map((each) => (Array.isArray(each) ? each.join(' ') : ''));
  return constraints.join(', ');
}

/** Host ports that no other can stand for. */
function fixedPortsOf(app: unknown): readonly number[] {
  const mapped = [...listAt(app, 'container', 'portMappings'), ...listAt(app, 'container', 'docker', 'portMappings')];
  const ofHost = valueAt(app, 'requirePorts') === true ? listAt(app, 'portDefinitions') : [];
  const ports = [...mapped.map((each) => numberAt(each, 'hostPort')), ...ofHost.map((each) => numberAt(each, 'port'))];
  return ports.filter((port) => port !== undefined && port > 0) as readonly number[];
}

function portsInWords(fixed: readonly number[], sharePorts: boolean): string {
  if (fixed.length === 0) return 'too few ports free';
  const shared = sharePorts ? ' (all agents are on this machine, and have a part of its ports each)' : '';
  return `port ${fixed.join(', ')} not offered, or taken${shared}; hostPort 0, or requirePorts false, takes any`;
}

const patienceMs = 1000;
/** The queue shows the whole of each app that waits: not at each look. */
const askEveryMs = 500;

export interface WaitingWorld {
  readonly agents: WaitingAgents;
  /** For what a person may do something about while this waits. */
  readonly note: (text: string) => void;
}

/** Watches why one app waits, and says each reason once: when it lasts, for others may take the first offers of a new app. */
export class WaitingReasons {
  readonly #id: string;
  readonly #world: WaitingWorld;
  readonly #said = new Set<string>();
  #askedAt = -Infinity;
  #seen: { readonly reason: string; readonly since: number } | undefined;

  constructor(id: string, world: WaitingWorld) {
    this.#id = id;
    this.#world = world;
  }

  /**
   * @param now milliseconds, only growing
   * @param askQueue answers `GET /v2/queue`
   * @returns what is known; undefined: it does not wait for offers
   */
  async look(now: number, askQueue: () => Promise<unknown>): Promise<string | undefined> {
    if (now - this.#askedAt >= askEveryMs) {
      this.#askedAt = now;
      this.#see(whyWaiting(await askQueue(), this.#id, this.#world.agents), now);
    }
    return this.#seen?.reason;
  }

  #see(reason: string | undefined, now: number): void {
    if (reason === undefined) this.#seen = undefined;
    else if (this.#seen?.reason !== reason) this.#seen = { reason, since: now };
    else if (now - this.#seen.since >= patienceMs && !this.#said.has(reason)) {
      this.#said.add(reason);
      this.#world.note(`${this.#id} waits: ${reason}`);
    }
  }
}
