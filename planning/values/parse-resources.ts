import { resourcesOfJson } from './json-resources.ts';
import { isFault, parseMesosValue, type MesosValue, type ParseFault } from './parse-mesos-value.ts';

export interface MesosResource {
  readonly name: string;
  readonly role?: string;
  readonly value: MesosValue;
}

export type ParsedResources =
  | { readonly kind: 'resources'; readonly resources: readonly MesosResource[] }
  | { readonly kind: 'faults'; readonly faults: readonly [ParseFault, ...ParseFault[]] };

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
const form = /^([^\s:;()]+)(?:\(([^()]*)\))?$/;

/**
 * Parses agent resources as Mesos does (Resources::parse in src/common/resources.cpp; docs/attributes-resources.md):
 * `name(role):value;…` with scalars, ranges and sets, or a JSON array. Beyond Mesos, it refuses amounts that are not
 * positive or absurdly large, and ports outside 1-65535, which no agent could offer.
 */
export function parseResources(text: string): ParsedResources {
  if (/^\s*[[{]/.test(text)) return parseJson(text);
  const parts = text.split(';').filter((part) => part.trim() !== '');
  const parsed = parts.map((part) => parseResource(part.trim()));
  if (parts.length === 0) parsed.push(fault(text, 'There is no resource in it', `Write ${example}, or remove the key`));
  const [first, ...more] = parsed.filter((result): result is ParseFault => 'message' in result);
  if (first) return { kind: 'faults', faults: [first, ...more] };
  return { kind: 'resources', resources: parsed.filter((result): result is MesosResource => 'name' in result) };
}

const fault = (found: string, message: string, fix: string, allowed = `name:value, as in ${example}`): ParseFault => ({
  found,
  message,
  allowed,
  fix,
});

function parseResource(part: string): MesosResource | ParseFault {
  const [label = '', text, ...rest] = part.split(':');
  if (text === undefined || text.trim() === '' || rest.length > 0) {
    const many = rest.length > 0;
    const fix = many ? 'Separate resources by semicolons' : withColon(label);
    return fault(part, many ? 'A resource has more than one colon' : 'A resource has no value', fix);
  }
  const [, name, role] = form.exec(label.trim()) ?? [];
  if (name === undefined)
    return fault(part, 'The name of a resource does not parse', 'Write name:value or name(role):value');
  if (role !== undefined && !isRole(role)) {
    return fault(
      part,
      'The role of a resource is not one',
      'Write a name like web or team/web, or leave out (role)',
      'a name, or *',
    );
  }
  const value = parseMesosValue(text);
  if (isFault(value)) return value;
  return valueFault(name, value, part) ?? { name, ...(role !== undefined && { role }), value };
}

/** `cpus=2` and `cpus 2` as they should be written. */
function withColon(part: string): string {
  const [, name, value] = /^([\w()*/.-]+?)\s*[= ]\s*(\S.*)$/.exec(part.trim()) ?? [];
  return name === undefined || value === undefined ? `Write ${part.trim() || 'cpus'}:value` : `Write ${name}:${value}`;
}

/** roles::validate of Mesos, shortened: no `.`, `..`, leading hyphen, blank or empty part. */
function isRole(role: string): boolean {
  return role === '*' || role.split('/').every((part) => /^(?!-)(?!\.\.?$)[^\s*]+$/.test(part));
}

function valueFault(name: string, value: MesosValue, part: string): ParseFault | undefined {
  if (value.kind === 'text') {
    const amount = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)$/i.exec(value.text);
    const fix = amount
      ? `Write the plain number: ${name}:${amount[1] ?? ''} (mem and disk count in MB)`
      : `Write ${example}`;
    return fault(part, 'A resource cannot be text', fix, 'a number, ranges [a-b] or a set {a,b}');
  }
  const most = scalars.get(name);
  if (most !== undefined && (value.kind !== 'scalar' || value.value <= 0)) {
    return fault(part, `${name} is not a positive number`, `Write ${name}:1`, 'a number above 0');
  }
  if (name === 'gpus' && value.kind === 'scalar' && !Number.isInteger(value.value)) {
    return fault(part, 'gpus is not a whole number', 'Write gpus:1', 'a whole number');
  }
  if (value.kind === 'scalar' && value.value > (most ?? largestScalar)) {
    const unit = name === 'mem' || name === 'disk' ? ' (MB)' : '';
    return fault(
      part,
      `${name} is more than any machine has`,
      'Write what the agent shall offer',
      `at most ${most ?? largestScalar}${unit}`,
    );
  }
  if (value.kind === 'scalar' && value.value < 0) return fault(part, `${name} is negative`, `Write ${name}:1`);
  if (name !== 'ports') return undefined;
  const valid = value.kind === 'ranges' && value.ranges.every(({ first, last }) => first >= 1 && last <= 65_535);
  return valid
    ? undefined
    : fault(part, 'ports is not a list of port ranges', 'Write ports:[31000-32000]', 'ranges from 1 to 65535');
}

function parseJson(text: string): ParsedResources {
  const resources = resourcesOfJson(text);
  const faults = resources
    ? resources.flatMap(({ name, value }) => valueFault(name, value, `the resource ${name}`) ?? [])
    : [
        fault(
          text,
          'This is not the JSON form of resources',
          `Write ${example}`,
          '[{"name":"cpus","type":"SCALAR","scalar":{"value":2}}], one object for each resource',
        ),
      ];
  const [first, ...more] = faults;
  return first ? { kind: 'faults', faults: [first, ...more] } : { kind: 'resources', resources: resources ?? [] };
}
