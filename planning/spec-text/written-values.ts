import { parse } from 'yaml';

/** A value in a generated file, and who has it there. */
export type WrittenValue = readonly [value: string, component: string];

interface ComposeService {
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** A value on one line; Compose reads `$$` as a dollar sign. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value).replaceAll('$$', '$');
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${textOf(inner)}`)
    .join(', ');
}

/**
 * The values of keys and environment variables of services, as Compose files have them.
 * @param files Compose files that the generator wrote; others are passed over
 */
export function writtenValues(
  files: readonly { readonly path: string; readonly content: string }[],
): (name: string) => readonly WrittenValue[] {
  const services = files.flatMap(({ path, content }) => {
    if (!path.endsWith('docker-compose.yml')) return [];
    const node = /^nodes\/(.+)\/docker-compose\.yml$/.exec(path)?.[1];
    const file = parse(content, { merge: true, maxAliasCount: -1 }) as {
      readonly services: Readonly<Record<string, ComposeService>>;
    };
    return Object.entries(file.services).map(
      ([name, service]) => [node === undefined ? name : `${node}-${name}`, service] as const,
    );
  });
  return (name) =>
    services.flatMap(([service, keys]) => {
      const owner = [keys, keys.environment ?? {}].find((values) => Object.hasOwn(values, name));
      const value = owner?.[name];
      return value === undefined ? [] : [[textOf(value), service] as const];
    });
}
