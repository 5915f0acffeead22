import type { ClusterSpec } from '../shape/cluster-spec.ts';
import {
  checkFlag,
  conflictingFlags,
  environmentName,
  findFlag,
  type FlagProblem,
  type FlagProgram,
} from '../flag-tables/find-flag.ts';
import { placeComponents } from '../plan/plan-places.ts';
import type { ResolvedSpec } from '../plan/resolve-spec.ts';
import { showText, showValue } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem } from './rule.ts';
import { ownedFlags } from '../flag-tables/owned-flags.ts';

type Flags = Readonly<Record<string, string | number | boolean>>;

interface PassedFlags {
  readonly program: FlagProgram;
  readonly path: SpecPath;
  readonly flags: Flags;
}

/** The flags that a spec passes through, by program; programs without flags are left out. */
function passedFlags({ mesos, marathon }: ClusterSpec): readonly PassedFlags[] {
  const all: readonly (Omit<PassedFlags, 'flags'> & { readonly flags: Flags | undefined })[] = [
    { program: 'mesos-master', path: ['mesos', 'master', 'flags'], flags: mesos?.master?.flags },
    { program: 'mesos-agent', path: ['mesos', 'agent', 'flags'], flags: mesos?.agent?.flags },
    { program: 'marathon', path: ['marathon', 'flags'], flags: marathon?.flags },
  ];
  return all.flatMap(({ flags = {}, ...rest }) => (Object.keys(flags).length === 0 ? [] : [{ ...rest, flags }]));
}

/**
 * Flags that are passed through: they exist in the version of the image set, their values fit, no two are one flag,
 * and the plan does not own them. Loads the tables of all flags, so check-spec.ts imports it only when there are flags.
 */
export function checkFlags(spec: ClusterSpec, resolved: ResolvedSpec): readonly SpecProblem[] {
  return passedFlags(spec).flatMap(({ program, path, flags }) => [
    ...Object.entries(flags).flatMap(([name, value]) => flagProblems(program, [...path, name], name, value, resolved)),
    ...conflictingFlags(program, Object.keys(flags)).map(([first, second]) =>
      problem('SPEC_FLAG', [...path, second], `${second} and ${first} are two names of one flag`, {
        at: 'key',
        found: second,
        allowed: 'one of the two: Mesos does not start with both',
        fix: `Remove ${second}`,
      }),
    ),
  ]);
}

function flagProblems(
  program: FlagProgram,
  path: SpecPath,
  name: string,
  value: string | number | boolean,
  resolved: ResolvedSpec,
): readonly SpecProblem[] {
  const { imageSet } = resolved;
  const bare = name.replace(/^-+|^(?:MESOS|MARATHON)_/, '').toLowerCase();
  const canonical = findFlag(program, imageSet, bare)?.name ?? bare;
  const owner = Object.hasOwn(ownedFlags[program], canonical) ? ownedFlags[program][canonical] : undefined;
  if (owner !== undefined) {
    return [
      problem('SPEC_FLAG', path, `The flag ${showText(name)} of ${program} is not passed through: the plan sets it`, {
        at: 'key',
        found: showText(name),
        allowed: owner,
        fix: `Remove it here; ${owner}`,
      }),
    ];
  }
  if (canonical === 'docker_kill_orphans' && sharesEngine(program, resolved) && String(value) === 'true') {
    return [
      problem('SPEC_FLAG', path, 'docker_kill_orphans would make each agent kill the tasks of the others', {
        found: showValue(value),
        allowed: 'false while agents share an Engine (agentDocker: socket)',
        fix: 'Remove it',
      }),
    ];
  }
  const found = checkFlag(program, imageSet, name, value);
  return found ? [flagProblem(found, program, path, name, value, resolved)] : [];
}

const sharesEngine = (program: FlagProgram, { agentDocker, placement }: ResolvedSpec) =>
  program === 'mesos-agent' && agentDocker === 'socket' && placement === 'one-host';

function flagProblem(
  found: FlagProblem,
  program: FlagProgram,
  path: SpecPath,
  name: string,
  value: string | number | boolean,
  resolved: ResolvedSpec,
): SpecProblem {
  if (found.kind === 'secret') {
    return problem(
      'SPEC_FLAG',
      path,
      `The flag ${name} of ${program} holds a secret, which would stand in every generated file`,
      {
        // Not even a message shows it.
        found: 'a secret',
        allowed:
          found.fileFlag === undefined ? 'no secret' : `${found.fileFlag} with the path of a file, as ${secretPath}`,
        fix: secretFix(found.fileFlag, program, name, resolved),
      },
    );
  }
  if (found.kind === 'value') {
    return problem('SPEC_FLAG', path, `The flag ${name} of ${program} does not take this value`, {
      found: showValue(value),
      allowed: found.allowed,
      fix: `Write ${found.allowed}`,
    });
  }
  return problem('SPEC_FLAG', path, `${program} has no flag ${showText(name)} in the image set ${resolved.imageSet}`, {
    at: 'key',
    found: showText(name),
    allowed: `the flags of ${program}, with underscores and without dashes in front`,
    fix: unknownFix(found, program),
  });
}

/** What is given to Compose beside the lab's own file is no part of what is generated. */
function secretFix(fileFlag: string | undefined, program: FlagProgram, name: string, resolved: ResolvedSpec): string {
  const variable = environmentName(program, name);
  if (program === 'mesos-agent' && fileFlag === 'docker_config') {
    const [file, where] =
      resolved.placement === 'machines' ? [secretPath, 'on each machine'] : [labSecret, 'of the lab'];
    return `Remove it; write the secret into a file ${where} (${file}), and its path into mesos.agent.dockerConfig: agents then have that file`;
  }
  if (fileFlag === undefined) {
    return `Remove it; give ${variable} in a Compose file of your own, which takes it from your shell (export ${variable}): ${withSecrets(`environment: [${variable}]`, program, resolved)}`;
  }
  const mount = withSecrets(`volumes: [${secretPath}:${secretPath}:ro]`, program, resolved);
  return `Write the secret into a file on the machine (${secretPath}), and its path into ${fileFlag}; containers get that file by: ${mount}`;
}

const secretPath = '/etc/mesos/secret';
const labSecret = 'secrets/docker-config.json';

/** A command that starts what a lab has of a program with more than its own Compose file says. */
function withSecrets(more: string, program: FlagProgram, resolved: ResolvedSpec): string {
  const places = placeComponents(resolved).filter(({ role }) => role === program);
  const services = [...new Set(places.map(({ service }) => `${service}: {${more}}`))].join(', ');
  const folders = [...new Set(places.map(({ node }) => `nodes/${node.name}`))].slice(0, 3).join(', ');
  const where = resolved.placement === 'machines' ? `in ${folders} on its machine: ` : 'npm run generate && ';
  return `${where}echo 'services: {${services}}' > secrets.yml && docker compose -f docker-compose.yml -f secrets.yml up -d`;
}

function unknownFix(found: Extract<FlagProblem, { kind: 'unknown' }>, program: FlagProgram): string {
  if (found.nearest !== undefined) return `Did you mean ${found.nearest}?`;
  if (found.since !== undefined) return `It exists from ${found.since} on: remove it, or choose another image set`;
  if (found.until !== undefined) return `It existed up to ${found.until}: remove it, or choose another image set`;
  if (found.otherProgram !== undefined) return `It is a flag of ${found.otherProgram}: move it there`;
  return `Remove it: ${program === 'marathon' ? 'Marathon would not start with it' : 'Mesos would ignore it silently'}`;
}
