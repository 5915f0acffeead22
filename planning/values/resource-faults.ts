import { parseResources, type ParsedResource } from '../../protocol/parse-resources.ts';
import { isFault, type ParseFault } from '../../protocol/parse-value.ts';
import { faultLike, setFault, valueFault, type SettingFault } from './setting-fault.ts';

const example = 'cpus:2;mem:1024;ports:[31000-32000]';
/** What must be a number, and the most that could be meant: mem and disk count in MB. */
const scalars: ReadonlyMap<string, number> = new Map([
  ['cpus', 100_000],
  ['gpus', 100_000],
  ['mem', 1_000_000_000],
  ['disk', 1_000_000_000],
]);
/** Mesos keeps three decimals of a scalar, in 64 bits. */
const largestScalar = 1e12;

const fault = faultLike(example);

/**
 * What is wrong with the resources of an agent: what does not parse, and beyond Mesos amounts that are not positive or
 * absurdly large, and ports outside 1-65535, which no agent could offer.
 */
export function resourceFaults(text: string): readonly SettingFault[] {
  const parts = parseResources(text);
  if (parts.length === 0) return [fault(text, 'There is no resource in it', `Write ${example}, or remove the key`)];
  return parts.flatMap(({ part, result }) => (isFault(result) ? inWords(result) : (amountFault(result, part) ?? [])));
}

function inWords(parsed: ParseFault): SettingFault {
  const { kind, found } = parsed;
  switch (kind) {
    case 'no-value':
      return fault(found, 'A resource has no value', withColon(found.replace(/:\s*$/, '')));
    case 'many-colons':
      return fault(found, 'A resource has more than one colon', 'Separate resources by semicolons');
    case 'no-name':
      return fault(found, 'The name of a resource does not parse', 'Write name:value or name(role):value');
    case 'role': {
      const fix = 'Write a name like web or team/web, or leave out (role)';
      return fault(found, 'The role of a resource is not one', fix, 'a name, or *');
    }
    case 'text': {
      const [, name = '', amount] = /^([^:(\s]+).*?:\s*(\d+(?:\.\d+)?)\s*[kmgt]?i?b?$/i.exec(found) ?? [];
      const fix = amount === undefined ? example : `the plain number: ${name}:${amount} (mem and disk count in MB)`;
      return fault(found, 'A resource cannot be text', `Write ${fix}`, 'a number, ranges [a-b] or a set {a,b}');
    }
    case 'json': {
      const allowed = '[{"name":"cpus","type":"SCALAR","scalar":{"value":2}}], one object for each resource';
      return fault(found, 'This is not the JSON form of resources', `Write ${example}`, allowed);
    }
    default:
      return valueFault(parsed);
  }
}

/** `cpus=2` and `cpus 2` as they should be written. */
function withColon(part: string): string {
  const [, name, value] = /^([\w()*/.-]+?)\s*[= ]\s*(\S.*)$/.exec(part.trim()) ?? [];
  return name === undefined || value === undefined ? `Write ${part.trim() || 'cpus'}:value` : `Write ${name}:${value}`;
}

function amountFault(resource: ParsedResource, part: string): SettingFault | undefined {
  const { name } = resource;
  const scalar = resource.type === 'SCALAR' ? resource.scalar.value : undefined;
  const most = scalars.get(name);
  if (most !== undefined && (scalar === undefined || scalar <= 0)) {
    return fault(part, `${name} is not a positive number`, `Write ${name}:1`, 'a number above 0');
  }
  if (name === 'gpus' && scalar !== undefined && !Number.isInteger(scalar)) {
    return fault(part, 'gpus is not a whole number', 'Write gpus:1', 'a whole number');
  }
  if (scalar !== undefined && scalar > (most ?? largestScalar)) {
    const unit = name === 'mem' || name === 'disk' ? ' (MB)' : '';
    const allowed = `at most ${most ?? largestScalar}${unit}`;
    return fault(part, `${name} is more than any machine has`, 'Write what the agent shall offer', allowed);
  }
  if (scalar !== undefined && scalar < 0) return fault(part, `${name} is negative`, `Write ${name}:1`);
  if (resource.type === 'SET' && resource.set.item.includes('')) return setFault(part);
  if (name !== 'ports') return undefined;
  const isValid =
    resource.type === 'RANGES' && resource.ranges.range.every(({ begin, end }) => begin >= 1 && end <= 65_535);
  return isValid
    ? undefined
    : fault(part, 'ports is not a list of port ranges', 'Write ports:[31000-32000]', 'ranges from 1 to 65535');
}
