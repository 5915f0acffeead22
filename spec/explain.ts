import { UserError } from '../errors/user-error.ts';
import { findFlag, type FlagProgram } from './find-flag.ts';
import { nearest } from './nearest.ts';
import { registryCacheService } from './plan-engine.ts';
import type { Plan } from './plan.ts';
import { settingReasons, type Reason } from './setting-reasons.ts';

/** What `explain NAME` says. */
export interface Explanation {
  readonly name: string;
  /** Its values in this lab and who has them; empty when it is not set here. */
  readonly values: readonly { readonly value: string; readonly components: readonly string[] }[];
  readonly derivation: string;
  readonly source: string;
}

type Found = readonly (readonly [value: string, component: string])[];

/** Groups components that share a value: thirty agents are one line. */
function grouped(found: Found): Explanation['values'] {
  const byValue = new Map<string, string[]>();
  for (const [value, component] of found) {
    const others = byValue.get(value);
    if (others) others.push(component);
    else byValue.set(value, [component]);
  }
  return [...byValue].map(([value, components]) => ({ value, components }));
}

const components = (plan: Plan) => plan.nodes.flatMap((node) => node.components);

/** Values of an environment variable, over all components. */
function environmentValues(plan: Plan, name: string): Found {
  const own = components(plan).flatMap(({ id, environment }) =>
    environment.filter((setting) => setting.name === name).map(({ value }) => [value, id] as const),
  );
  const engine = plan.engine.proxy.filter((setting) => setting.name === name);
  const cache =
    name === 'REGISTRY_PROXY_REMOTEURL' && components(plan).some(({ role }) => role === 'registry')
      ? [[plan.registryMirror ?? 'https://registry-1.docker.io', registryCacheService] as const]
      : [];
  return [...own, ...engine.map(({ value }) => [value, 'docker-engine'] as const), ...cache];
}

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
    derivation: `ZooKeeper ${id} is on ${member.node}: followers connect to the leader at ${member.host}:2888, elections use 3888, clients ${member.clientPort}. The same line stands on every member.`,
    source: "Apache ZooKeeper, Administrator's Guide, server.x; README of the official ZooKeeper image",
  };
}

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
    case 'zk':
      return decision(plan.urls.mesosZk, reason('MESOS_ZK'), settingReasons.MESOS_ZK?.source ?? '');
    default:
      return undefined;
  }
}

const whyText = (reason: Reason, plan: Plan): string =>
  typeof reason.why === 'string' ? reason.why : reason.why(plan);

/** A setting that the user passed through, or a flag that exists and is not set in this lab. */
function explainFlag(plan: Plan, variable: string, found: Found): Explanation | undefined {
  const programs: readonly FlagProgram[] = variable.startsWith('MARATHON_')
    ? ['marathon']
    : ['mesos-master', 'mesos-agent'];
  const flag = variable.replace(/^(?:MESOS|MARATHON)_/, '').toLowerCase();
  const known = programs.flatMap((program) => {
    const definition = findFlag(program, plan.imageSet, flag);
    return definition === undefined ? [] : [{ program, definition }];
  });
  if (known.length === 0) return undefined;
  const owners = known.map(({ program }) => program).join(' and ');
  const standard = known[0]?.definition.default;
  const passThrough =
    known[0]?.program === 'marathon'
      ? 'marathon.flags'
      : `mesos.${known[0]?.program === 'mesos-agent' ? 'agent' : 'master'}.flags`;
  return {
    name: variable,
    values: grouped(found),
    derivation:
      found.length > 0
        ? `Passed through: a flag of ${owners}, set under ${passThrough}.`
        : `Not set in this lab. A flag of ${owners}${standard === undefined ? '' : `, by default ${standard}`}; set it under ${passThrough}.`,
    source: `table of the flags of image set ${plan.imageSet}`,
  };
}

/** The names `explain` knows in this lab, without those of flags that are not set. */
export function explainableNames(plan: Plan): readonly string[] {
  const set = components(plan).flatMap(({ environment }) => environment.map(({ name }) => name));
  const servers = plan.zookeepers.map(({ id }) => `server.${id}`);
  return [...new Set([...set, ...servers, 'quorum', 'myid', 'zk', ...Object.keys(settingReasons)])].sort();
}

/**
 * Says of a generated value or flag what it is in this lab, how it was derived, and the source.
 *
 * @param name an environment variable, a flag (`--group`, `docker_kill_orphans`), `server.2`, `quorum`, a Compose key
 * @throws UserError USAGE_UNKNOWN_SETTING with the nearest names
 */
export function explain(plan: Plan, name: string): Explanation {
  const server = /^server\.(\d+)$/.exec(name)?.[1];
  const direct = server === undefined ? explainDecision(plan, name) : explainServer(plan, Number(server));
  if (direct) return direct;

  const spellings = [name, name.toUpperCase(), ...['MESOS_', 'MARATHON_'].map((prefix) => prefix + name.toUpperCase())];
  for (const spelling of spellings) {
    const found = [...environmentValues(plan, spelling), ...argumentValues(plan, spelling)];
    const reason = Object.hasOwn(settingReasons, spelling) ? settingReasons[spelling] : undefined;
    if (reason) {
      return { name: spelling, values: grouped(found), derivation: whyText(reason, plan), source: reason.source };
    }
    const flag = /^(?:MESOS|MARATHON)_/.test(spelling) ? explainFlag(plan, spelling, found) : undefined;
    if (flag) return flag;
  }
  const known = explainableNames(plan);
  const near = nearest(name, known);
  throw new UserError({
    code: 'USAGE_UNKNOWN_SETTING',
    message: `nothing in this lab is called ${JSON.stringify(name)}`,
    fix: near === undefined ? '`explain` without a name lists all of them' : `did you mean ${near}?`,
  });
}
