import { UserError } from '../../errors/user-error.ts';
import {
  components,
  explainFlag,
  grouped,
  passedText,
  passedThrough,
  type Explanation,
  type Found,
} from './explain-flag.ts';
import { simulationText } from '../plan/plan-simulated-agents.ts';
import { nearest } from '../shape/nearest.ts';
import type { Plan } from '../plan/plan.ts';
import type { Reason } from '../components/component.ts';
import { zookeeperElectionPort, zookeeperPeerPort } from '../components/zookeeper.ts';
import { settingReasons } from './setting-reasons.ts';

/** The values that a name has in the Compose files of the lab (written-values.ts). */
export type WrittenValues = (name: string) => Found;

/** Values of a command-line flag: `--marathon` has all words up to the next flag. */
function argumentValues(plan: Plan, name: string): Found {
  return components(plan).flatMap(({ id, arguments: own, image }) => {
    const words = [...(image.command ?? []), ...own];
    const assigned = words.find((word) => word.startsWith(`${name}=`));
    if (assigned !== undefined) return [[assigned.slice(name.length + 1), id] as const];
    const start = words.indexOf(name);
    if (start < 0) return [];
    const rest = words.slice(start + 1);
    const end = rest.findIndex((word) => word.startsWith('--'));
    return [[rest.slice(0, end < 0 ? rest.length : end).join(' '), id] as const];
  });
}

function explainServer(plan: Plan, id: number): Explanation | undefined {
  const member = plan.zookeepers.find((candidate) => candidate.id === id);
  if (member === undefined) return undefined;
  return {
    name: `server.${id}`,
    values: [{ value: member.serverLine, components: plan.zookeepers.map(({ node }) => node) }],
    derivation: `ZooKeeper ${id} is on ${member.node}: followers connect to the leader at ${member.host}:${zookeeperPeerPort}, elections use ${zookeeperElectionPort}, clients ${member.clientPort}. The same line stands on every member.`,
    source: "Apache ZooKeeper, Administrator's Guide, server.x; README of the official ZooKeeper image",
  };
}

const whySimulated =
  'Agents of the embedded runtime that run nothing: they register with the master as real ones do, and say of each task what a real agent would say. Each has the attribute simulated:true; the constraint ["simulated","UNLIKE","true"] keeps an app off them. Health checks of their tasks pass, no port answers, and statuses, /state and sandboxes say that they are simulated.';

/** Decisions of the plan that are no setting of one program. */
function explainDecision(plan: Plan, name: string): Explanation | undefined {
  const decision = (value: string, derivation: string, source: string): Explanation => ({
    name,
    values: [{ value, components: ['plan'] }],
    derivation,
    source,
  });
  const reason = (setting: string) => {
    const why = settingReasons[setting]?.why ?? '';
    return typeof why === 'string' ? why : why(plan);
  };
  switch (name) {
    case 'quorum':
      return decision(String(plan.quorum), reason('MESOS_QUORUM'), settingReasons.MESOS_QUORUM?.source ?? '');
    case 'myid':
      return {
        name,
        values: grouped(plan.zookeepers.map(({ id, node }) => [String(id), node] as const)),
        derivation: reason('ZOO_MY_ID'),
        source: settingReasons.ZOO_MY_ID?.source ?? '',
      };
    case 'simulatedAgents':
      return plan.simulatedAgents === undefined
        ? undefined
        : decision(simulationText(plan.simulatedAgents), whySimulated, 'docs/decisions.md, 48');
    case 'zk':
      return decision(plan.urls.mesosZk, reason('MESOS_ZK'), settingReasons.MESOS_ZK?.source ?? '');
    default:
      return undefined;
  }
}

const whyText = (reason: Reason, plan: Plan): string =>
  typeof reason.why === 'string' ? reason.why : reason.why(plan);

/** Values of a setting, wherever it stands; the plan knows most of them by the names of its components. */
function valuesOf(plan: Plan, name: string, written: WrittenValues): Found {
  const planned = components(plan).flatMap(({ id, environment }) =>
    environment.filter((setting) => setting.name === name).map(({ value }) => [value, id] as const),
  );
  if (planned.length > 0) return planned;
  return name.startsWith('--') ? argumentValues(plan, name) : written(name);
}

/** The names that have a value in this lab, sorted. */
export function explainableNames(plan: Plan, written: WrittenValues): readonly string[] {
  const set = components(plan).flatMap(({ environment }) => environment.map(({ name }) => name));
  const servers = plan.zookeepers.map(({ id }) => `server.${id}`);
  const simulated = plan.simulatedAgents === undefined ? [] : ['simulatedAgents'];
  const others = Object.keys(settingReasons).filter((name) => valuesOf(plan, name, written).length > 0);
  return [...new Set([...set, ...servers, 'quorum', 'myid', 'zk', ...simulated, ...others])].sort();
}

/**
 * Says of a generated value or flag what it is in this lab, how it was derived, and the source.
 *
 * @param name an environment variable, a flag (`--group`, `docker_kill_orphans`), `server.2`, `quorum`, a Compose key
 * @throws UserError USAGE_UNKNOWN_SETTING with the nearest names
 */
export function explain(plan: Plan, name: string, written: WrittenValues): Explanation {
  const server = /^server\.(\d+)$/.exec(name)?.[1];
  const direct = server === undefined ? explainDecision(plan, name) : explainServer(plan, Number(server));
  if (direct) return direct;

  const spellings = [name, name.toUpperCase(), ...['MESOS_', 'MARATHON_'].map((prefix) => prefix + name.toUpperCase())];
  for (const spelling of spellings) {
    const found = valuesOf(plan, spelling, written);
    const explanation = explainReason(plan, spelling, found) ?? explainFlag(plan, spelling, found);
    if (explanation) return explanation;
  }
  const near = nearest(name, [...explainableNames(plan, written), ...Object.keys(settingReasons)]);
  throw new UserError({
    code: 'USAGE_UNKNOWN_SETTING',
    message: `Nothing in this lab is called ${JSON.stringify(name)}`,
    fix: near === undefined ? '`explain` without a name lists all of them' : `Did you mean ${near}?`,
  });
}

/** A setting that the generator derives, unless the user has set it for all who have it. */
function explainReason(plan: Plan, name: string, found: Found): Explanation | undefined {
  const reason = Object.hasOwn(settingReasons, name) ? settingReasons[name] : undefined;
  if (reason === undefined) return undefined;
  const places = passedThrough(plan, name);
  const derived = found.length > [...places.values()].flat().length || places.size === 0;
  const yours = places.size === 0 ? [] : [passedText(places)];
  return {
    name,
    values: grouped(found),
    derivation: [...yours, ...(derived ? [whyText(reason, plan)] : [])].join(' '),
    source: reason.source,
  };
}
