import { isFault, parseParts, parseValue, type MesosValue, type ParsedPart, type ParseFault } from './parse-value.ts';

export type ParsedAttribute = { readonly name: string } & MesosValue;

/**
 * Parses attributes in Mesos's text form, `rack:abc;zone:west;level:10;keys:[1000-1500]` (Attributes::parse in
 * src/common/attributes.cpp). An empty text has none.
 */
export function parseAttributes(text: string): readonly ParsedPart<ParsedAttribute>[] {
  return parseParts(text, (part) => {
    const colon = part.indexOf(':');
    return colon === -1 ? faulty('no-value', part) : parseAttribute(part.slice(0, colon), part.slice(colon + 1));
  });
}

/** One attribute whose name and value are told apart already. */
export function parseAttribute(label: string, text: string): ParsedAttribute | ParseFault {
  const name = label.trim();
  const part = `${name}:${text.trim()}`;
  if (name === '') return faulty('no-name', part);
  if (text.trim() === '') return faulty('no-value', part);
  const value = parseValue(text);
  return isFault(value) ? value : { name, ...value };
}

const faulty = (kind: ParseFault['kind'], part: string): ParseFault => ({
  kind,
  found: part,
  error: `Invalid attribute key:value pair '${part}'`,
});
