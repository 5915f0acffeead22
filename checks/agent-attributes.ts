import { valueAt } from '../protocol/json.ts';
import { parseAttributes } from '../protocol/parse-attributes.ts';
import { isFault, parseValue, readableItems, type MesosValue } from '../protocol/parse-value.ts';
import { shownValue } from '../protocol/value-text.ts';

/** One form for what is written in several ways: `10.0`, `{b,a}`, `[1-2,5-6]`. */
const textOf = (value: MesosValue): string =>
  String(shownValue(value.type === 'SET' ? { type: 'SET', set: { item: value.set.item.toSorted() } } : value, ','));

/** The same for what a master shows; what is none of Mesos's values is shown as it is. */
function shownText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const parsed = parseValue(text);
  return isFault(parsed) ? text : textOf(parsed);
}

/**
 * What an agent's attributes lack of the planned ones, in words; empty when it has them all.
 * @param actual as a master shows them: `{"rack": "abc", "level": 10.0, "keys": "[1000-1500]"}`
 */
export function missingAttributes(planned: string, actual: unknown): readonly string[] {
  return readableItems(parseAttributes(planned)).flatMap((attribute) => {
    const { name } = attribute;
    const shown = valueAt(actual, name);
    if (shown === undefined) return [`has no attribute ${name}`];
    const [wanted, found] = [textOf(attribute), shownText(shown)];
    return found === wanted ? [] : [`has ${name}:${found} instead of ${name}:${wanted}`];
  });
}
