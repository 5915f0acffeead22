import { isJsonObject, parseObject, type JsonObject } from '../../../protocol/json.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';

/** Where the Docker CLI finds the credentials of registries while it pulls. */
export interface RegistryLogin {
  /** Pulls with the same key may be one pull: no task has an image by credentials that it was not given. */
  readonly key: string;
  /**
   * Does something with the CLI's HOME.
   * @throws what it throws, and Error in Mesos's words when the agent's own credentials are none
   */
  readonly withHome: <Result>(action: (home: string) => Promise<Result>) => Promise<Result>;
}

/** Finds the credentials of a task by its sandbox, absolute, when everything was fetched. */
export type RegistryLogins = (sandbox: string) => Promise<RegistryLogin>;

export interface LoginOptions {
  /** Absolute; a home of credentials is here while it is needed, readable by us alone. */
  readonly workDir: string;
  /** What `--docker_config` says, if anything. */
  readonly config: JsonObject | undefined;
  readonly sandboxes: Sandboxes;
}

/** Of a `.dockercfg`: one that is longer is none. */
const longestConfig = 1024 * 1024;

export const homesFolder = (workDir: string): string => `${workDir}/meta/docker/homes`;

/**
 * HOME is the sandbox, unless nothing was fetched there that the CLI would take for its configuration and the agent
 * has one (Docker::__pull in src/docker/docker.cpp). Docker's CLI no longer reads `.dockercfg` from its release 23 on,
 * so what is in there is given to it in the form that it does read.
 */
export function registryLogins({ workDir, config, sandboxes }: LoginOptions): RegistryLogins {
  let count = 0;
  const inHome = (text: () => string): RegistryLogin['withHome'] => {
    return async (action) => {
      const home = `${homesFolder(workDir)}/${(count += 1)}`;
      try {
        await sandboxes.writeRecord(`${home}/.docker/config.json`, text());
        return await action(home);
      } finally {
        await sandboxes.remove(home);
      }
    };
  };
  return async (sandbox) => {
    const inSandbox: RegistryLogin = { key: sandbox, withHome: (action) => action(sandbox) };
    if ((await sandboxes.kindOf(`${sandbox}/.docker/config.json`)) !== undefined) return inSandbox;
    if ((await sandboxes.kindOf(`${sandbox}/.dockercfg`)) !== undefined) {
      const auths = await readObject(`${sandbox}/.dockercfg`, sandboxes);
      return auths === undefined ? inSandbox : { key: sandbox, withHome: inHome(() => JSON.stringify({ auths })) };
    }
    if (config === undefined) return { ...inSandbox, key: '' };
    return { key: '', withHome: inHome(() => JSON.stringify(currentForm(config))) };
  };
}

async function readObject(file: string, sandboxes: Sandboxes): Promise<JsonObject | undefined> {
  const part = await sandboxes.readPart(file, 0, longestConfig).catch(() => undefined);
  if (part === undefined || part.size > longestConfig) return undefined;
  return parseObject(new TextDecoder().decode(part.bytes));
}

const currentKeys = ['auths', 'credsStore', 'credHelpers'];

/** The form of the former `.dockercfg` is that of `auths`. @throws Error in Mesos's words */
function currentForm(config: JsonObject): JsonObject {
  const { auths = null } = config;
  if (auths !== null && !isJsonObject(auths)) {
    throw new Error("Failed to find 'auths' in docker config file: Found JSON value of wrong type");
  }
  return currentKeys.some((key) => key in config) ? config : { auths: config };
}
