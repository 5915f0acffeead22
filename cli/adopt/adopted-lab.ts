import { targetFromAdopted } from '../../checks/adopted-target.ts';
import { clusterClient, type ClusterClient } from '../../checks/cluster-client.ts';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { labDirectory } from '../lab/plan-source.ts';
import { specFileName } from '../lab/read-spec.ts';
import type { Verb } from '../command-line/verbs.ts';

/** Whether a folder is a lab that describes a cluster which somebody else runs; says so without parsing the spec. */
export function isAdopted({ files }: Pick<Context, 'files'>, directory: string): boolean {
  try {
    return /^adopted[ \t]*:/m.test(files.readText(`${directory}/${specFileName}`));
  } catch {
    return false;
  }
}

/** A cluster that somebody else runs, as its description says where it is. */
export interface AdoptedCluster {
  readonly plan: Plan;
  readonly target: ClusterTarget;
  readonly client: ClusterClient;
}

/** The cluster of an adopted lab; undefined for the plan of another lab. */
export function clusterOfAdoptedLab(plan: Plan): AdoptedCluster | undefined {
  const target = targetFromAdopted(plan);
  return target && { plan, target, client: clusterClient(target.hosts) };
}

/** The same where it is known that the lab is one. */
export function adoptedCluster(plan: Plan): AdoptedCluster {
  const cluster = clusterOfAdoptedLab(plan);
  if (cluster === undefined) throw new Error(`${plan.name} was not adopted`);
  return cluster;
}

/** The error of a verb that would start, stop or change a cluster which somebody else runs. */
export function adoptedRefusal(verb: Verb): UserError {
  return new UserError({
    code: 'ADOPTED',
    message: `${verb} is for clusters that are started from here: this one was adopted, and somebody else runs it`,
    found: `adopted, in ${specFileName}`,
    allowed: 'status, verify, logs, deploy, scale, plan, explain, generate',
    fix: 'Ask whoever runs it. A cluster of your own: create-mesos-cluster my-lab',
  });
}

/** Verbs of labs that we start. */
const refused: ReadonlySet<Verb> = new Set(['up', 'down', 'stop', 'start', 'exec', 'images', 'doctor', 'ssh']);

/**
 * What verbs do in an adopted lab: those that would start or stop it refuse, `status` and `logs` have their own ways.
 * @param own for `status` and `logs`
 */
export function withAdopted<Name extends Verb>(
  commands: Readonly<Record<Name, Command>>,
  own: Readonly<Partial<Record<Verb, Command>>>,
): Readonly<Record<Name, Command>> {
  const wrapped = (Object.keys(commands) as Name[]).map((verb): readonly [Name, Command] => {
    const instead = own[verb] ?? (refused.has(verb) ? refuse : undefined);
    if (instead === undefined) return [verb, commands[verb]];
    return [
      verb,
      (context: Context, line: CommandLine) => {
        // `down NAME` is about a lab elsewhere.
        const isHere = verb !== 'down' || line.positionals.length === 0;
        const isOurs = isHere && isAdopted(context, labDirectory(context, line));
        return isOurs ? instead(context, line) : commands[verb](context, line);
      },
    ];
  });
  return Object.fromEntries(wrapped) as Record<Name, Command>;
}

const refuse: Command = (_context, { verb }) => Promise.reject(adoptedRefusal(verb));
