import { parseAttribute, parseAttributes, type ParsedAttribute } from '../../protocol/parse-attributes.ts';
import { isFault, type ParseFault } from '../../protocol/parse-value.ts';
import { faultLike, valueFault, type SettingFault } from './setting-fault.ts';

const example = 'rack:abc;zone:west';

const fault = faultLike(example);

/** What is wrong with the attributes of an agent: what does not parse, and what ends a Mesos agent all the same. */
export function attributeFaults(
  attributes: string | Readonly<Record<string, string | number>>,
): readonly SettingFault[] {
  if (typeof attributes !== 'string') {
    return Object.entries(attributes).flatMap(([key, value]) =>
      entryFaults(key, String(value)).map((found) => ({ ...found, key })),
    );
  }
  const parts = parseAttributes(attributes);
  if (parts.length === 0)
    return [fault(attributes, 'There is no attribute in it', `Write ${example}, or remove the key`)];
  return parts.flatMap(({ part, result }) => faultsOf(part, result));
}

/** Of the map form, whose names and values must not hold what separates them. */
function entryFaults(name: string, value: string): readonly SettingFault[] {
  if (/[;:]/.test(name) || value.includes(';')) {
    return [
      fault(
        `${name}: ${value}`,
        'A name or value holds a separator',
        'Remove ; (and : in names)',
        'names without ; and :, values without ;',
      ),
    ];
  }
  return faultsOf(`${name.trim()}:${value.trim()}`, parseAttribute(name, value));
}

const noName = (found: string) => fault(found, 'An attribute has no proper name', `Write ${example}`);

function inWords(parsed: ParseFault): SettingFault {
  const { kind, found } = parsed;
  if (kind === 'no-name') return noName(found);
  if (kind !== 'no-value') return valueFault(parsed);
  const isPair = found.includes(':');
  const name = found.slice(0, isPair ? found.indexOf(':') : undefined);
  const fix = !isPair && found.includes('=') ? found.replace(/\s*=\s*/, ':') : `${name}:value`;
  return fault(found, 'An attribute has no value, which ends a Mesos agent at its start', `Write ${fix}`);
}

/** What does not parse, and beyond it what Mesos does not take. */
function faultsOf(part: string, result: ParsedAttribute | ParseFault): readonly SettingFault[] {
  if (isFault(result)) return [inWords(result)];
  const { name, type } = result;
  if (/[\s[\]{}()]/.test(name)) return [noName(part)];
  if (type !== 'SET') return [];
  const allowed = 'text, a number or ranges [a-b]';
  return [fault(part, 'An attribute cannot be a set', `Write it as text, such as ${name}:a`, allowed)];
}
