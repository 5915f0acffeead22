import type { ContainerDns } from '../../../engine/agent/docker/container-dns.ts';
import { isJsonObject, listAt, textAt } from '../../../protocol/json.ts';
import type { MesosFlags } from '../mesos-flags.ts';
import { ProgramError } from '../program.ts';

const flagName = 'default_container_dns';

/**
 * The part of `default_container_dns` that is for Docker; the other one is for CNI, which this agent has not.
 * @throws ProgramError in Mesos's words (src/slave/flags.cpp)
 */
export function containerDns(flags: MesosFlags): readonly ContainerDns[] {
  const text = flags.text(flagName);
  if (text === undefined) return [];
  const value = JSON.parse(text) as unknown;
  if (!isJsonObject(value)) {
    throw new ProgramError(
      `Failed to load flag '${flagName}': Failed to load value '${text}': Expecting a JSON object`,
    );
  }
  const entries = listAt(value, 'docker').map(entryOf);
  for (const [index, entry] of entries.entries()) {
    const isTwice = entries
      .slice(0, index)
      .some(({ network, name }) => network === entry.network && name === entry.name);
    if (isTwice)
      throw new ProgramError(`Multiple DNS configuration ${kindOf(entry)} in \`--${flagName}\` is not allowed`);
  }
  return entries;
}

function entryOf(given: unknown): ContainerDns {
  const mode = textAt(given, 'network_mode') ?? 'UNKNOWN';
  if (mode === 'HOST') {
    throw new ProgramError(`Configuring DNS for HOST network with \`--${flagName}\` is not yet supported`);
  }
  if (mode !== 'BRIDGE' && mode !== 'USER') {
    throw new ProgramError(`UNKNOWN network mode configured in \`--${flagName}\``);
  }
  const texts = (name: string) => listAt(given, 'dns', name).map(String);
  const name = mode === 'USER' ? textAt(given, 'network_name') : undefined;
  return {
    network: mode === 'BRIDGE' ? 'bridge' : 'user',
    ...(name !== undefined && { name }),
    ...{ servers: texts('nameservers'), search: texts('search'), options: texts('options') },
  };
}

function kindOf({ network, name }: ContainerDns): string {
  if (network === 'bridge') return 'for Docker default bridge network';
  if (name === undefined) return 'without network name for user-defined CNM network';
  return `with the same network name '${name}' for user-defined CNM network`;
}
