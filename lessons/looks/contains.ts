import { isJsonObject, type JsonObject } from '../../protocol/json.ts';

/**
 * What of a wanted value is not in a found one, as a path and both values: of maps the keys that are wanted, of lists an item
 * for each that is wanted, in any order; everything else is equal.
 * @returns undefined when it is all there
 */
export function whatIsMissing(wanted: unknown, found: unknown, path = ''): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found)) return missing(path, wanted, found);
    const items = found as readonly unknown[];
    const lacking = (wanted as readonly unknown[]).find(
      (item) => !items.some((each) => whatIsMissing(item, each) === undefined),
    );
    return lacking === undefined ? undefined : `${path === '' ? 'the list' : path} has no ${JSON.stringify(lacking)}`;
  }
  if (isJsonObject(wanted)) {
    if (!isJsonObject(found)) return missing(path, wanted, found);
    const there: JsonObject = found;
    for (const [key, value] of Object.entries(wanted)) {
      const lacking = whatIsMissing(
        value,
        Object.hasOwn(there, key) ? there[key] : undefined,
        path === '' ? key : `${path}.${key}`,
      );
      if (lacking !== undefined) return lacking;
    }
    return undefined;
  }
  return wanted === found ? undefined : missing(path, wanted, found);
}

const missing = (path: string, wanted: unknown, found: unknown) =>
  `${path === '' ? 'the answer' : path} is ${found === undefined ? 'not there' : shortly(found)}, wanted is ${shortly(wanted)}`;

function shortly(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
