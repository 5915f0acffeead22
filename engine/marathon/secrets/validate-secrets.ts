import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { rule, type BrokenRule } from '../marathon-error.ts';

/* What may be said of secrets (SecretValidation.scala and EnvVarValidation.scala of Marathon), in apps and in pods. */

/** Of `--enable_features`. */
export type Features = readonly string[];

const isEnabled = (features: Features) => features.includes('secrets');
const notEnabled = 'Feature secrets is not enabled. Enable with --enable_features secrets)';
const noReferences = 'use of secret-references in the environment requires the secrets feature to be enabled';

type Secrets = Json | undefined;

const isKnown = (secrets: Secrets, name: Json | undefined) =>
  typeof name === 'string' && isJsonObject(secrets) && Object.hasOwn(secrets, name);

/** The field `secrets` of a definition. */
export const secretErrors = (secrets: Secrets, features: Features): readonly BrokenRule[] => [
  ...rule(secrets === undefined || isEnabled(features), '/secrets', notEnabled),
  ...rule(!isKnown(secrets, ''), '/secrets', 'must not be empty'),
];

/** Variables that take their values from secrets. */
export function variableSecretErrors(
  environment: Json | undefined,
  secrets: Secrets,
  features: Features,
  path: string,
): readonly BrokenRule[] {
  const references = Object.entries(isJsonObject(environment) ? environment : {}).filter(([, value]) =>
    isJsonObject(value),
  );
  return [
    ...rule(references.length === 0 || isEnabled(features), path, noReferences),
    ...references.flatMap(([name, value]) =>
      rule(
        isKnown(secrets, isJsonObject(value) ? value['secret'] : undefined),
        `${path}/${name}/secret`,
        'references an undefined secret',
      ),
    ),
  ];
}

/** A volume that is a secret. */
export const volumeSecretErrors = (name: string | undefined, secrets: Secrets, features: Features, path: string) => [
  ...rule(isEnabled(features), path, notEnabled),
  ...rule(isKnown(secrets, name), path, 'volume.secret must refer to an existing secret'),
];

/** Where such a volume is: a file in the sandbox. */
export const secretPathErrors = (given: string | undefined, path: string): readonly BrokenRule[] =>
  rule(
    given !== undefined && !given.startsWith('/') && !given.split('/').includes('..'),
    path,
    'must be a path in the sandbox: a secret is a file there',
  );
