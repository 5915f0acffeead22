import type { CommandInfo, Json } from '../../../protocol/mesos.ts';

/** Of what is a field of Mesos, and nobody here would do. */
export const notHonoured = (field: string) => `'${field}' is not honoured by this cluster`;

/** A CommandInfo of a task or of a check. */
export function refuseCommand(command: CommandInfo): string | undefined {
  for (const { name, ...variable } of command.environment?.variables ?? []) {
    const { type = 'VALUE', value, secret } = variable as Readonly<Record<string, Json | undefined>>;
    if (type === 'SECRET') return `Environment variable '${name}' is a secret: ${notHonoured('secret')}`;
    if (type === 'UNKNOWN') return "Environment variable of type 'UNKNOWN' is not allowed";
    if (value === undefined) return `Environment variable '${name}' of type 'VALUE' must have a value set`;
    if (secret !== undefined) return `Environment variable '${name}' of type 'VALUE' must not have a secret set`;
  }
  return undefined;
}
