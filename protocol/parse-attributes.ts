import type { Attribute } from './mesos.ts';
import { parseValue } from './parse-value.ts';

/**
 * Parses attributes in Mesos's text form, `rack:abc;zone:west;level:10;keys:[1000-1500]` (Attributes::parse in
 * src/common/attributes.cpp). An empty text has none.
 * @throws Error in Mesos's words
 */
export function parseAttributes(text: string): readonly Attribute[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      const name = part.slice(0, Math.max(colon, 0)).trim();
      if (name === '' || part.slice(colon + 1).trim() === '') {
        throw new Error(`Invalid attribute key:value pair '${part}'`);
      }
      return { name, ...parseValue(part.slice(colon + 1)) };
    });
}
