import { isFault, parseMesosValue, type MesosValue, type ParseFault } from './parse-mesos-value.ts';

export interface MesosAttribute {
  readonly name: string;
  readonly value: MesosValue;
}

export type ParsedAttributes =
  | { readonly kind: 'attributes'; readonly attributes: readonly MesosAttribute[] }
  | { readonly kind: 'faults'; readonly faults: readonly [ParseFault, ...ParseFault[]] };

const example = 'rack:abc;zone:west';

/**
 * Parses agent attributes as Mesos does (Attributes::parse in src/common/attributes.cpp): `name:value;…`, where a value
 * is text, a number or ranges. A part without a value, which ends a real agent, is a fault.
 */
export function parseAttributes(text: string): ParsedAttributes {
  const parts = text.split(';').filter((part) => part.trim() !== '');
  const parsed = parts.map((part) => {
    const colon = part.indexOf(':');
    return colon === -1
      ? fault(
          part.trim(),
          noValue,
          `Write ${part.includes('=') ? part.trim().replace(/\s*=\s*/, ':') : `${part.trim()}:value`}`,
        )
      : parseAttribute(part.slice(0, colon), part.slice(colon + 1));
  });
  if (parts.length === 0)
    parsed.push(fault(text, 'There is no attribute in it', `Write ${example}, or remove the key`));
  return collected(parsed);
}

/** The same for the map form of a spec, whose names and values must not hold what separates them. */
export function parseAttributeMap(attributes: Readonly<Record<string, string | number>>): ParsedAttributes {
  return collected(
    Object.entries(attributes).map(([name, value]) => {
      const separator = /[;:]/.test(name) || String(value).includes(';');
      return separator
        ? fault(
            `${name}: ${value}`,
            'A name or value holds a separator',
            'Remove ; (and : in names)',
            'names without ; and :, values without ;',
          )
        : parseAttribute(name, String(value));
    }),
  );
}

const noValue = 'An attribute has no value, which ends a Mesos agent at its start';

const fault = (found: string, message: string, fix: string, allowed = `name:value, as in ${example}`): ParseFault => ({
  found,
  message,
  allowed,
  fix,
});

function parseAttribute(label: string, text: string): MesosAttribute | ParseFault {
  const name = label.trim();
  const whole = `${name}:${text.trim()}`;
  if (name === '' || /[\s[\]{}()]/.test(name))
    return fault(whole, 'An attribute has no proper name', `Write ${example}`);
  if (text.trim() === '') return fault(whole, noValue, `Write ${name}:value`);
  const value = parseMesosValue(text);
  if (isFault(value)) return value;
  if (value.kind === 'set') {
    return fault(
      whole,
      'An attribute cannot be a set',
      `Write it as text, such as ${name}:a`,
      'text, a number or ranges [a-b]',
    );
  }
  return { name, value };
}

function collected(parsed: readonly (MesosAttribute | ParseFault)[]): ParsedAttributes {
  const [first, ...more] = parsed.filter((result): result is ParseFault => 'message' in result);
  if (first) return { kind: 'faults', faults: [first, ...more] };
  return { kind: 'attributes', attributes: parsed.filter((result): result is MesosAttribute => 'name' in result) };
}
