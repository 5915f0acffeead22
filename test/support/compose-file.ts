import { createRequire } from 'node:module';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import type { GeneratedFile } from '../../generators/generated-file.ts';

interface Dependency {
  readonly condition: string;
}

/** `SOURCE:TARGET[:ro]`, or in Compose's long form. */
type Mount = string | { readonly type: string; readonly source: string; readonly target: string };

/** What is mounted: a volume by its name, or a path. */
export const sourceOf = (mount: Mount): string =>
  typeof mount === 'string' ? (mount.split(':')[0] ?? '') : mount.source;

/** A service, as far as the tests read it. */
export interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly privileged?: boolean;
  readonly tmpfs?: readonly string[];
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly networks?: unknown;
  readonly dns?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly Mount[];
  readonly secrets?: readonly unknown[];
  readonly depends_on?: Readonly<Record<string, Dependency>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly restart?: string;
  readonly logging?: unknown;
  readonly mem_limit?: string;
}

export interface ComposeFile {
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, { readonly labels?: Readonly<Record<string, unknown>> }>>;
  readonly volumes?: Readonly<Record<string, { readonly labels?: Readonly<Record<string, unknown>> }>>;
}

/** Reads a Compose file as Compose does: YAML 1.2 with merge keys. */
export function readCompose(text: string): ComposeFile {
  return parse(text, { merge: true, maxAliasCount: -1 }) as ComposeFile;
}

export const isComposeFile = ({ path }: Pick<GeneratedFile, 'path'>): boolean => path.endsWith('docker-compose.yml');

const require = createRequire(import.meta.url);
// Ajv 8 does not have the dialect that the schema names, and needs nothing of it.
const { $schema: _, ...composeSchema } = require('docker-compose/schema/compose-spec.json') as Record<string, unknown>;
const validate = new Ajv({ strict: false, validateFormats: false }).compile(composeSchema);

/** What the schema of the Compose Specification has against a file. */
export function composeSchemaErrors(file: unknown): readonly ErrorObject[] {
  validate(file);
  return validate.errors ?? [];
}
