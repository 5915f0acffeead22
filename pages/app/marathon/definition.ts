import { valueAt } from '../../../protocol/json.ts';

/** What Marathon adds to what it was sent. */
const statusFields: ReadonlySet<string> = new Set([
  ...['tasks', 'tasksStaged', 'tasksRunning', 'tasksHealthy', 'tasksUnhealthy', 'deployments', 'lastTaskFailure'],
  ...['version', 'versionInfo', 'readinessCheckResults', 'taskStats'],
]);

export type Definition = Readonly<Record<string, unknown>>;

/** What an app or a pod was made of: it may be sent again. @param answer `{ app }`, an app, or a pod */
export function definitionIn(answer: unknown): Definition {
  const app = valueAt(answer, 'app') ?? answer;
  if (typeof app !== 'object' || app === null) return {};
  return Object.fromEntries(Object.entries(app).filter(([name]) => !statusFields.has(name)));
}

export const jsonOf = (definition: Definition): string => JSON.stringify(definition, null, 2);

/** With names in their order, so that two definitions differ only in what they say. */
export const sortedJsonOf = (definition: Definition): string =>
  JSON.stringify(
    definition,
    (_name, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
        : value,
    2,
  );

/** A field, and what it says in lines: names of what is below it are before the value. */
export interface Setting {
  readonly name: string;
  readonly lines: readonly string[];
}

/** What is read first. All else follows as Marathon has it. */
const first = [
  ...['id', 'cmd', 'args', 'container', 'containers', 'instances', 'scaling', 'cpus', 'mem', 'disk', 'gpus'],
  ...['networks', 'portDefinitions', 'env', 'labels', 'constraints', 'healthChecks', 'dependencies'],
];

/** A definition as a table; what says nothing is left out. */
export function settingsOf(definition: Definition): readonly Setting[] {
  const names = [...new Set([...first, ...Object.keys(definition)])];
  return names.map((name) => ({ name, lines: linesOf(definition[name]) })).filter(({ lines }) => lines.length > 0);
}

function linesOf(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((each, index) => itemLines(each, index, value.length));
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object') return [JSON.stringify(value)];
  return Object.entries(value).flatMap(([name, below]) => prefixed(name, below));
}

/** Lists of plain values, such as constraints, are one line each. */
function itemLines(item: unknown, index: number, count: number): readonly string[] {
  if (Array.isArray(item)) return [item.map(String).join(' ')];
  if (typeof item !== 'object' || item === null) return [String(item)];
  const lines = linesOf(item);
  return count === 1 ? lines : lines.map((line) => `${index + 1}. ${line}`);
}

function prefixed(name: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return linesOf(value).map((line) => `${name}: ${line}`);
  return linesOf(value).map((line) => (Array.isArray(value) ? `${name}: ${line}` : `${name}.${line}`));
}
