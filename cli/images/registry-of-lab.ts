import { UnreachableError } from '../../checks/cluster-client.ts';
import { registryAddresses, type RegistryAddresses } from '../../checks/registry/addresses.ts';
import { RegistryError, type Registry } from '../../checks/registry/registry.ts';
import { UserError } from '../../errors/user-error.ts';
import { findRegistryCredentials } from '../../lab/registry-credentials.ts';
import type { Context } from '../../platform/context.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { registryCredentialsPath } from '../../protocol/registry-credentials.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { clusterOfLab, openLab } from '../lab/open-lab.ts';
import { refuseIfNot, runtimesOf } from '../running/runtimes.ts';

/** The registry of a lab that runs. */
export interface RegistryOfLab {
  readonly registry: Registry;
  readonly addresses: RegistryAddresses;
}

/** @throws UserError when the lab has none, does not run, or runs where there is none */
export async function registryOfLab(context: Context, line: CommandLine): Promise<RegistryOfLab> {
  const directory = openLab(context, line);
  const { embedded, ofFolder } = runtimesOf(context);
  await refuseIfNot(await ofFolder(directory), 'images', directory, context);
  const { plan, client } = await clusterOfLab(context, line, directory);
  const isEmbedded = (await embedded.find({ directory })).kind === 'running';
  const addresses = needRegistry(plan, isEmbedded);
  const { files, signal } = context;
  return { registry: registryAt({ files, directory, client, signal }, addresses), addresses };
}

interface RegistryWorld extends Pick<Registry, 'client' | 'signal'>, Pick<Context, 'files'> {
  /** Of the lab, absolute. */
  readonly directory: string;
}

/** The registry of a lab, for whom its file says that he may change something in it. @throws UserError REGISTRY_CREDENTIALS */
export function registryAt({ files, directory, client, signal }: RegistryWorld, { url }: RegistryAddresses): Registry {
  const found = findRegistryCredentials(files, directory);
  const authorization =
    found === undefined ? undefined : `Basic ${Buffer.from(`${found.user}:${found.password}`).toString('base64')}`;
  return { client, url, signal, authorization };
}

/** @throws UserError USAGE_ARGUMENTS */
export function needRegistry(plan: Plan, isEmbedded: boolean): RegistryAddresses {
  const addresses = registryAddresses(plan);
  if (addresses !== undefined) return addresses;
  throw new UserError(
    isEmbedded
      ? {
          code: 'USAGE_ARGUMENTS',
          message: 'This lab runs in one process, where there is no registry',
          fix: 'With Docker a lab with addons: [registry] has one: npm run down, then create-mesos-cluster up --runtime docker',
        }
      : {
          code: 'USAGE_ARGUMENTS',
          message: 'What runs of this lab has no registry',
          fix: 'Write addons: [registry] in mesos-cluster.yaml; npm run generate, and npm run up',
        },
  );
}

/** What a registry did, for who asked; other errors as they are. */
export function registryProblem(error: unknown): unknown {
  if (error instanceof UnreachableError) {
    return new UserError({
      code: 'LAB_NOT_RUNNING',
      message: 'The registry of the lab does not answer',
      found: error.message,
      fix: 'npm run status shows whether it runs; create-mesos-cluster start starts it',
    });
  }
  if (!(error instanceof RegistryError)) return error;
  if (error.status === 401 || error.status === 403) {
    return new UserError({
      code: 'REGISTRY_CREDENTIALS',
      message: `The registry of the lab does not let this be done by whom ${registryCredentialsPath} names`,
      found: error.message,
      fix: 'create-mesos-cluster stop registry, and start registry, gives it what the file says now (docs/registry.md)',
    });
  }
  return new UserError({
    code: 'REGISTRY_REFUSED',
    message: 'The registry of the lab does not do what it was asked for',
    found: error.message,
    fix: 'create-mesos-cluster logs registry has what it says of that',
  });
}
