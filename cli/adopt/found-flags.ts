import type { FoundAgent, FoundCluster, FoundFlags } from '../../checks/adopt/found-cluster.ts';
import { ownedFlags } from '../../planning/flag-tables/owned-flags.ts';
import { checkFlag, findFlag, type FlagProgram } from '../../planning/flag-tables/find-flag.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { ImageSetName, Role } from '../../planning/catalogue/roles.ts';

/** Flags of a program that differ from what a lab of ours would have, and those that none of ours knows. */
export interface FlagDifferences {
  readonly flags: Readonly<Record<string, string>>;
  readonly unknown: readonly string[];
}

/** Say how a program was called, or what it is by itself. */
const notSettings: ReadonlySet<string> = new Set(['help', 'version']);

const roleOf = {
  'mesos-master': 'mesos-master',
  'mesos-agent': 'mesos-agent',
  marathon: 'marathon',
} as const satisfies Record<FlagProgram, Role>;

/** What the plan gives a program, by the names of its flags. */
function planned(plan: Plan, program: FlagProgram): ReadonlyMap<string, string> {
  const component = plan.nodes.flatMap(({ components }) => components).find(({ role }) => role === roleOf[program]);
  const words = (component?.image.command ?? []).flatMap((word): readonly (readonly [string, string])[] => {
    const [, name, value] = /^--([a-z_]+)=(.*)$/s.exec(word) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  const variables = (component?.environment ?? []).map(
    ({ name, value }) => [name.replace(/^(?:MESOS|MARATHON)_/, '').toLowerCase(), value] as const,
  );
  return new Map([...words, ...variables]);
}

/** `true` and `1`, `10` and `10.0` are one value. */
function normal(value: string): string {
  return value !== '' && Number.isFinite(Number(value)) ? String(Number(value)) : value;
}

/** @param plan of the same cluster without flags: what we would set */
export function differingFlags(program: FlagProgram, found: FoundFlags, plan: Plan): FlagDifferences {
  const ours = planned(plan, program);
  const flags: Record<string, string> = {};
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(found)) {
    const known = findFlag(program, plan.imageSet, name);
    const canonical = known?.name ?? name;
    if (notSettings.has(name) || Object.hasOwn(ownedFlags[program], canonical)) continue;
    if (known === undefined) {
      unknown.push(name);
      continue;
    }
    const own = ours.get(canonical) ?? known.default;
    if (value === '' || (own !== undefined && normal(own) === normal(value))) continue;
    if (checkFlag(program, plan.imageSet, canonical, value) === undefined) flags[canonical] = value;
    else unknown.push(name);
  }
  return { flags, unknown };
}

/** Flags that all agents have alike which were asked, and the names of the others. */
export function commonFlags(agents: readonly FoundAgent[]): {
  readonly common: FoundFlags;
  readonly differing: readonly string[];
} {
  const asked = agents.flatMap(({ flags }): readonly FoundFlags[] => (flags === undefined ? [] : [flags]));
  const names = [...new Set(asked.flatMap((flags) => Object.keys(flags)))];
  const isCommon = (name: string) => asked.every((flags) => flags[name] === asked[0]?.[name]);
  return {
    common: Object.fromEntries(names.filter(isCommon).map((name) => [name, asked[0]?.[name] ?? ''])),
    differing: names.filter((name) => !isCommon(name)),
  };
}

/** The image set whose Mesos is nearest: it says which flags there are. */
export function nearestSet({ masters }: FoundCluster): ImageSetName {
  const [, major = '1', minor = '12'] = /^(\d+)\.(\d+)/.exec(masters[0]?.version ?? '') ?? [];
  return Number(major) === 0 || (major === '1' && Number(minor) <= 7) ? 'stock' : 'clusterd';
}
