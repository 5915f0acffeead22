import type { ComponentRow } from '../../pages/picture/tables.ts';
import type { ExpectedAgent } from '../../checks/cluster-target.ts';
import type { LabPart } from '../../runtimes/cluster-runtime.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { pageOf } from '../../planning/catalogue/pages.ts';
import type { Role } from '../../planning/catalogue/roles.ts';
import type { ClusterInReach } from '../lab/open-lab.ts';
import { actedOnState } from '../status/part-status.ts';
import { lookAtComponents } from '../status/component-statuses.ts';

/** Every component of a lab, by its id: how it is, and what a person opens of it. */
export async function componentRows(
  { plan, target, parts = [], agents = target.expected?.agents ?? [] }: ClusterInReach,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ComponentRow>> {
  const asked = await lookAtComponents({ plan, target, parts }, signal);
  const rows = asked.map(({ id, role, node, url, state, ok }): readonly [string, ComponentRow] => [
    id,
    { role, node, state: inWords(state), isUp: ok, ...linkTo(role, url), ...agentOf(id, agents) },
  ]);
  const known = new Set(asked.map(({ id }) => id));
  // Some have nothing that says that they are well: of these it is known whether their containers run.
  const others = plan.nodes
    .flatMap(({ components }) => components)
    .flatMap(({ id, role, node, service }): readonly (readonly [string, ComponentRow])[] => {
      const addon = plan.urls.addons.find((each) => each.role === role);
      const part = parts.find((each) => each.id === id || each.id === service);
      if (known.has(id) || addon === undefined || part === undefined) return [];
      return [[id, { role, node, state: part.state, isUp: part.state === 'running', ...linkTo(role, addon.url) }]];
    });
  const quiet = agents.filter(({ name }) => !known.has(name)).map((agent) => agentRow(agent, plan, parts));
  return new Map([...rows, ...others, ...quiet]);
}

/** An agent that was not asked, and of which the master tells. */
function agentRow(agent: ExpectedAgent, plan: Plan, parts: readonly LabPart[]): readonly [string, ComponentRow] {
  const { name } = agent;
  const component = plan.nodes.flatMap(({ components }) => components).find(({ id }) => id === name);
  const state = component === undefined ? undefined : actedOnState({ parts }, component);
  const node = component?.node ?? name;
  const row = { role: 'mesos-agent', node, state: state ?? '', isUp: state === undefined };
  return [name, { ...row, ...agentOf(name, [agent]) }];
}

function agentOf(id: string, agents: readonly ExpectedAgent[]): Pick<ComponentRow, 'agent'> {
  const expected = agents.find(({ name }) => name === id);
  return expected === undefined ? {} : { agent: { host: expected.hostname, port: expected.port } };
}

/** Without the system's code behind it, which is another one from one moment to the next. */
const inWords = (state: string) => state.replace(/ \([A-Z_]+\)$/, '');

/** What answers a browser where nothing is at the root. */
const answering: { readonly [Each in Role]?: string } = {
  'mesos-agent': '/help',
  'mesos-dns': '/v1/version',
  registry: '/v2/_catalog',
};

/** What is opened of a component, and what is seen there. */
function linkTo(role: Role, url: string): Pick<ComponentRow, 'url' | 'about'> {
  const { title, shows, path = answering[role] ?? '' } = pageOf(role);
  const about = shows === undefined ? title : `${title}: ${shows}`;
  return { about, ...(url.startsWith('http') ? { url: `${url}${path}` } : {}) };
}
