import { objectOf, textAt } from '../../../../protocol/json.ts';
import type { CommandInfo, EnvironmentVariable, Json } from '../../../../protocol/mesos.ts';

/** Of what is a field of Mesos, and nobody here would do. */
export const notHonoured = (field: string) => `'${field}' is not honoured by this cluster`;

/** A CommandInfo of a task, of an executor or of a check. */
export function refuseCommand(command: CommandInfo): string | undefined {
  return (command.environment?.variables ?? [])
    .map((each) => refuseVariable(each))
    .find((problem) => problem !== undefined);
}

function refuseVariable({ name, type = 'VALUE', value, secret }: EnvironmentVariable): string | undefined {
  if (type === 'UNKNOWN') return "Environment variable of type 'UNKNOWN' is not allowed";
  if (type === 'VALUE') {
    if (value === undefined) return `Environment variable '${name}' of type 'VALUE' must have a value set`;
    if (secret === undefined) return undefined;
    return `Environment variable '${name}' of type 'VALUE' must not have a secret set`;
  }
  if (secret === undefined) return `Environment variable '${name}' of type 'SECRET' must have a secret set`;
  if (value !== undefined) return `Environment variable '${name}' of type 'SECRET' must not have a value set`;
  const problem = refuseSecret(secret);
  if (problem !== undefined) return `Environment variable '${name}' specifies an invalid secret: ${problem}`;
  if (!Buffer.from(textAt(secret, 'value', 'data') ?? '', 'base64').includes(0)) return undefined;
  return `Environment variable '${name}' specifies a secret containing null bytes, which is not allowed in the environment`;
}

/** validateSecret of src/common/validation.cpp */
export function refuseSecret(secret: Json): string | undefined {
  const { type, reference, value } = objectOf(secret);
  if (type === 'REFERENCE') {
    if (reference === undefined) return "Secret of type REFERENCE must have the 'reference' field set";
    if (value === undefined) return undefined;
    return `Secret '${textAt(reference, 'name') ?? ''}' of type REFERENCE must not have the 'value' field set`;
  }
  if (type !== 'VALUE') return undefined;
  if (value === undefined) return "Secret of type VALUE must have the 'value' field set";
  return reference === undefined ? undefined : "Secret of type VALUE must not have the 'reference' field set";
}
