import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import { flagsOf, isHostName, isPort, parsePid, printable, type Asker } from './asker.ts';
import type { FoundAgent, FoundFlags } from './found-cluster.ts';

const mostAgents = 9000;
/** So many are asked for their flags: they are hardly ever all different. */
const mostAsked = 32;

/** The agents that the leading master knows, some of them with their flags. */
export async function findAgents(ask: Asker, leader: string, state: unknown): Promise<readonly FoundAgent[]> {
  const answer = await ask.json(leader, ['/slaves', '/master/slaves'], { size: 'large' });
  const listed = listAt(answer ?? state, 'slaves');
  if (listed.length > mostAgents)
    ask.note(`There are ${String(listed.length)} agents; the first ${String(mostAgents)} were taken.`);
  const agents = listed.slice(0, mostAgents).flatMap((each) => toAgent(ask, each));
  const asked = await Promise.all(agents.slice(0, mostAsked).map((agent) => readFlags(ask, agent)));
  const silent = agents.filter((_, index) => index < mostAsked && asked[index] === undefined);
  if (silent.length > 0) {
    ask.note(
      `These agents do not answer this machine, so their flags are unknown: ${names(silent)}. logs needs them, too.`,
    );
  }
  if (agents.length > mostAsked) ask.note(`Only the first ${String(mostAsked)} agents were asked for their flags.`);
  const inactive = agents.filter(({ active }) => !active);
  if (inactive.length > 0) ask.note(`These agents were not active: ${names(inactive)}.`);
  return agents.map((agent, index) => {
    const flags = asked[index];
    return flags === undefined ? agent : { ...agent, flags };
  });
}

const names = (agents: readonly FoundAgent[]) =>
  agents
    .slice(0, 10)
    .map(({ hostname, port }) => `${hostname}:${String(port)}`)
    .join(', ') + (agents.length > 10 ? ` and ${String(agents.length - 10)} more` : '');

function toAgent(ask: Asker, value: unknown): readonly FoundAgent[] {
  const [hostname = '', pid] = [textAt(value, 'hostname'), parsePid(textAt(value, 'pid'))];
  // Masters before 1.0 name the port in the pid alone.
  const port = valueAt(value, 'port') ?? pid?.port ?? 5051;
  if (!isHostName(hostname) || !isPort(port)) {
    ask.note(`An agent was left out: ${printable(hostname)} is not the name of a machine.`);
    return [];
  }
  const version = textAt(value, 'version');
  return [
    {
      hostname,
      port,
      active: valueAt(value, 'active') === true,
      attributes: attributesOf(valueAt(value, 'attributes')),
      resources: resourcesOf(value),
      ...(pid === undefined ? {} : { ip: pid.ip }),
      ...(version === undefined ? {} : { version: printable(version) }),
    },
  ];
}

function attributesOf(value: unknown): Readonly<Record<string, string | number>> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || Number.isFinite(entry[1]),
  );
  return Object.fromEntries(entries.slice(0, 100));
}

/** What is not reserved, and what is for each role; amounts of 0 are not there. */
function resourcesOf(agent: unknown): string {
  const reserved = valueAt(agent, 'reserved_resources');
  const roles = typeof reserved === 'object' && reserved !== null ? Object.keys(reserved).slice(0, 20) : [];
  return [
    ...partsOf(valueAt(agent, 'unreserved_resources') ?? valueAt(agent, 'resources'), ''),
    ...roles.flatMap((role) => partsOf(valueAt(reserved, role), `(${role})`)),
  ].join(';');
}

const order = ['cpus', 'gpus', 'mem', 'disk', 'ports'];

function partsOf(resources: unknown, role: string): readonly string[] {
  if (typeof resources !== 'object' || resources === null) return [];
  const known = Object.keys(resources)
    .slice(0, 50)
    .sort((a, b) => place(a) - place(b));
  return known.flatMap((name) => {
    const value = valueAt(resources, name);
    if (typeof value === 'number') return value > 0 ? [`${name}${role}:${String(value)}`] : [];
    return typeof value === 'string' && value !== '' ? [`${name}${role}:${value.replaceAll(' ', '')}`] : [];
  });
}

const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);

/** By its name, else by its address. */
async function readFlags(ask: Asker, { hostname, ip, port }: FoundAgent): Promise<FoundFlags | undefined> {
  for (const host of new Set([hostname, ip ?? hostname])) {
    const found = await ask.json(`http://${host}:${String(port)}`, ['/flags'], { followRedirects: false });
    if (valueAt(found, 'flags') !== undefined) return flagsOf(valueAt(found, 'flags'));
  }
  return undefined;
}
