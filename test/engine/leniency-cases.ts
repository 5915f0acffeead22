import { scalar } from './scheduler-client.ts';

/* What a Mesos (1.12) answers to JSON that is odd or wrong, for the tests of the master and those that any Mesos passes. */

export const healthy = '{"type":"GET_HEALTH","get_health":{"healthy":true}}';
export const notConverted = (text: string) => `Failed to convert JSON into Call protobuf: ${text}`;
const notParsed = (text: string) => `Failed to parse body into JSON: ${text}`;
const noType = "Failed to validate master::Call: Expecting 'type' to be present";

/** Bodies of operator calls, and how they are answered. */
export const callBodies: readonly [body: string, status: number, answer: string][] = [
  ['{"type":"GET_HEALTH","nope":1}', 200, healthy],
  ['{"type":"GET_HEALTH"}\n', 200, healthy],
  [String.raw`{"type":"GET_\u0048EALTH"}`, 200, healthy],
  ['{"type":"GET_VERSION","type":"GET_HEALTH"}', 200, healthy],
  ['{"type":"get_health"}', 400, noType],
  ['{"type":"NOPE"}', 400, noType],
  ['{"type":null}', 400, noType],
  ['{}', 400, noType],
  ['{"type":1}', 400, notConverted("Not expecting a JSON number for field 'type'")],
  ['[]', 400, notConverted('Expecting a JSON object')],
  ['"GET_HEALTH"', 400, notConverted('Expecting a JSON object')],
  ['null', 400, notConverted('Expecting a JSON object')],
  ['', 400, notParsed('syntax error at line 1 near: ')],
  ['   ', 400, notParsed('syntax error at line 1 near: ')],
  ['{"type":"GET_HEALTH"} x', 400, notParsed('Parsed JSON included non-whitespace trailing characters:  x')],
  ['{type:"GET_HEALTH"}', 400, notParsed('syntax error at line 1 near: type:"GET_HEALTH"}')],
  ["{'type':'GET_HEALTH'}", 400, notParsed("syntax error at line 1 near: 'type':'GET_HEALTH'}")],
  ['{"type":"GET_HEALTH",}', 400, notParsed('syntax error at line 1 near: }')],
  ['{"type":"GET_HEALTH" /* c */}', 400, notParsed('syntax error at line 1 near: /* c */}')],
];

export const small = [scalar('cpus', 0.1), scalar('mem', 32)];
export const portsOf = (begin: unknown, end: unknown) => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
});

/** Fields of a task that are taken, and what the agent is told of them. */
export const takenFields: readonly [what: string, fields: object, told: object][] = [
  ['null for a message', { executor: null }, {}],
  ['null for other fields', { labels: null, container: null, data: null }, {}],
  ['null in a list', { resources: [...small, null] }, {}],
  ['a string for a double', { resources: [{ ...scalar('cpus', 0), scalar: { value: '0.1' } }, small[1]] }, {}],
  ['a string for a bool', { command: { value: 'true', shell: 'true' } }, { command: { value: 'true', shell: true } }],
];

const at = 'accept.operations[0].launch.task_infos[0]';

/** Fields of a task for which the call that launches it is refused. */
export const refusedFields: readonly [what: string, fields: object, why: string][] = [
  ['null for a required field', { name: null }, `Missing required fields: ${at}.name`],
  ['another spelling of it', { task_id: undefined, taskId: { value: 't' } }, `Missing required fields: ${at}.task_id`],
  ['a number for a string', { name: 5 }, "Not expecting a JSON number for field 'name'"],
  ['a bool for a string', { name: true }, "Not expecting a JSON boolean for field 'name'"],
  ['a list for a message', { command: [{ value: 'true' }] }, "Not expecting a JSON array for field 'command'"],
  ['a string for a message', { task_id: 'x' }, "Not expecting a JSON string for field 'task_id'"],
  ['a number for a bool', { command: { value: 'x', shell: 1 } }, "Not expecting a JSON number for field 'shell'"],
  [
    'a word for a bool',
    { command: { value: 'x', shell: 'yes' } },
    "Failed to parse 'yes' as a JSON boolean for field 'shell': syntax error at line 1 near: yes",
  ],
  [
    'a word for a double',
    { resources: [{ ...scalar('cpus', 0), scalar: { value: 'abc' } }] },
    "Failed to parse 'abc' as a JSON number for field 'value': syntax error at line 1 near: abc",
  ],
  ['a number for an enum', { resources: [{ name: 'cpus', type: 0 }] }, "Not expecting a JSON number for field 'type'"],
  ['an enum in small letters', { resources: [{ name: 'cpus', type: 'scalar' }] }, "Failed to find enum for 'scalar'"],
  ['an unknown required enum', { container: { type: 'NOPE' } }, "Failed to find enum for 'NOPE'"],
  ['what is not base64', { data: '%%' }, "Failed to base64 decode bytes field 'data': Invalid character '%'"],
];
