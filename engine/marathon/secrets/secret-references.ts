import { textAt } from '../../../protocol/json.ts';
import type { EnvironmentVariable, Json } from '../../../protocol/mesos.ts';

/** What a definition says of secrets: where each is in the store of whoever resolves them. */
type Secrets = Json | undefined;

type Environment = Readonly<Record<string, string | { readonly secret: string }>>;

/**
 * A secret, as Mesos is told of it. Marathon leaves this to a plugin and has none of its own: then its tasks start
 * without their secrets. A task that fails is better than one that lacks its password.
 */
export const secretReference = (secrets: Secrets, name: string): Json => ({
  type: 'REFERENCE',
  reference: { name: textAt(secrets, name, 'source') ?? '' },
});

/** Variables that take their values from secrets. */
export const secretVariables = (environment: Environment, secrets: Secrets): readonly EnvironmentVariable[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [{ name, type: 'SECRET', secret: secretReference(secrets, value.secret) }],
  );

/** A file in the sandbox. */
export const secretFile = (path: string, secret: Json): Json => ({
  mode: 'RO',
  container_path: path,
  source: { type: 'SECRET', secret },
});
