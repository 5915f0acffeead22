import { randomBytes } from 'node:crypto';
import type { RegistryGateOptions } from '../../engine/registry-gate/start-registry-gate.ts';
import { parseRegistryCredentials, type RegistryCredentials } from '../../protocol/registry-credentials.ts';
import { flagError, listenAddress, readOwnFlags } from './own-flags.ts';
import { ProgramError, type Program, type ProgramWorld } from './program.ts';

const help = `Usage: registry-gate --at ADDRESS:PORT --registry-socket SOCKET --push-credentials FILE
                     [--storage FOLDER --limit-mb MB]

Stands in front of a registry (Distribution) that listens on a socket: everybody may pull, and who has the user and
password of FILE, one line USER:PASSWORD, may push and delete: by docker login, or with Basic authentication. With a limit
pushes are refused when what is in FOLDER, where the registry stores, has more than so many MB (of 1,000,000 bytes).
`;

const options = {
  at: { type: 'string' },
  'registry-socket': { type: 'string' },
  'push-credentials': { type: 'string' },
  storage: { type: 'string' },
  'limit-mb': { type: 'string' },
} as const;

const usageError = flagError('registry-gate');

interface GateFlags extends RegistryGateOptions {
  readonly credentials: string;
  readonly storage: string | undefined;
}

/** @throws ProgramError with what is wrong, and what is allowed there */
export function readGateFlags(words: readonly string[]): GateFlags {
  const given = readOwnFlags(words, options, usageError);
  const { storage, 'registry-socket': socketPath, 'push-credentials': credentials, 'limit-mb': limitMb } = given;
  const address = listenAddress({ flag: '--at', text: given.at, example: '127.0.0.1:5000' }, usageError);
  if (socketPath === undefined) throw usageError('--registry-socket is missing: expected the path of its socket');
  if (credentials === undefined) throw usageError('--push-credentials is missing: expected a file with USER:PASSWORD');
  if (limitMb !== undefined && !/^[1-9]\d{0,8}$/.test(limitMb))
    throw usageError(`--limit-mb is '${limitMb}': expected a whole number from 1`);
  if ((limitMb === undefined) !== (storage === undefined))
    throw usageError('--limit-mb and --storage are given together: what is limited is what is in that folder');
  const limitBytes = limitMb === undefined ? undefined : Number(limitMb) * 1e6;
  return { ...address, socketPath, limitBytes, credentials, storage };
}

/** @returns the credentials, or what is wrong with the file */
function credentialsIn(
  path: string,
  readFile: ProgramWorld['readFile'],
): RegistryCredentials | { readonly fault: string } {
  const text = readFile(path);
  return text === undefined ? { fault: 'cannot be read' } : parseRegistryCredentials(text);
}

/** `registry-gate`, which no image but lite has. */
export const registryGate: Program = {
  logStyle: 'glog',
  version: `registry-gate (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => help,
  prepare: (words, { readFile }) => {
    const flags = readGateFlags(words);
    const first = credentialsIn(flags.credentials, readFile);
    if ('fault' in first)
      throw new ProgramError(`registry-gate: ${flags.credentials} ${first.fault}; expected one line USER:PASSWORD`);
    return {
      withoutEffect: [],
      start: async ({ log, sandboxes, signal }) => {
        const { startRegistryGate } = await import('../../engine/registry-gate/start-registry-gate.ts');
        // Read each time, so that a new password counts.
        const credentials = () => {
          const now = credentialsIn(flags.credentials, readFile);
          if (!('fault' in now)) return now;
          log(`${flags.credentials} ${now.fault}; expected one line USER:PASSWORD`);
          return undefined;
        };
        const measure = () => sandboxes.usedBytes(flags.storage ?? '', signal);
        return startRegistryGate(flags, { log, credentials, measure, key: randomBytes(32), now: Date.now });
      },
    };
  },
};
