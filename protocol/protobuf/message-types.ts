import { agentApiMessages } from './messages/agent-api.ts';
import { agentMessages } from './messages/agents.ts';
import { containerMessages } from './messages/containers.ts';
import { executorApiMessages } from './messages/executor-api.ts';
import { frameworkMessages } from './messages/frameworks.ts';
import { masterApiMessages } from './messages/master-api.ts';
import { schedulerApiMessages } from './messages/scheduler-api.ts';
import { statisticsMessages } from './messages/statistics.ts';
import { taskMessages } from './messages/tasks.ts';

/*
 * What is known of each message and each enum of Mesos's v1 API, by its name in package mesos.v1 (there in
 * include/mesos/v1). A field is `NAME NUMBER TYPE`; `!` behind the number: required, `*`: repeated, `%`: a map from
 * strings; a type that begins with a dot is within the message. A value of an enum is `NAME NUMBER`.
 */
const facts: Readonly<Record<string, string>> = {
  ...frameworkMessages,
  ...taskMessages,
  ...containerMessages,
  ...agentMessages,
  ...statisticsMessages,
  ...schedulerApiMessages,
  ...executorApiMessages,
  ...agentApiMessages,
  ...masterApiMessages,
};

/** Types of protobuf that occur in these messages. */
export type Scalar = 'string' | 'bytes' | 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'double';

const scalars: ReadonlySet<string> = new Set<Scalar>([
  ...(['string', 'bytes', 'bool', 'int32', 'uint32', 'int64', 'uint64', 'double'] as const),
]);

export interface EnumType {
  readonly nameOf: ReadonlyMap<number, string>;
  readonly numberOf: ReadonlyMap<string, number>;
}

/** What a field holds; messages and enums are looked up when they are needed. */
export type FieldType =
  { readonly scalar: Scalar } | { readonly enumType: EnumType } | { readonly message: () => MessageType };

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly rule: 'optional' | 'required' | 'repeated' | 'map';
  readonly type: FieldType;
}

export interface MessageType {
  /** In the order of their numbers, as protobuf writes them. */
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
}

const rules: Readonly<Record<string, Field['rule']>> = { '!': 'required', '*': 'repeated', '%': 'map' };
const messages = new Map<string, MessageType>();

/** Names of all messages and enums. */
export const typeNames: readonly string[] = Object.keys(facts);

/** The entries of a type, each as its words. */
function entriesOf(name: string): readonly (readonly string[])[] {
  const text = Object.hasOwn(facts, name) ? facts[name] : undefined;
  if (text === undefined) throw new Error(`No message of Mesos's v1 API is called ${name}`);
  return text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim().split(' '));
}

/** Whether a type is an enum: its entries have no types. A message may be without any. */
export function isEnum(name: string): boolean {
  const [first] = entriesOf(name);
  return first !== undefined && first.length === 2;
}

function toEnum(name: string): EnumType {
  const values = entriesOf(name).map(([value = '', number]) => [value, Number(number)] as const);
  return { numberOf: new Map(values), nameOf: new Map(values.map(([value, number]) => [number, value])) };
}

function toType(owner: string, word: string): FieldType {
  if (scalars.has(word)) return { scalar: word as Scalar };
  const name = word.startsWith('.') ? `${owner}${word}` : word;
  return isEnum(name) ? { enumType: toEnum(name) } : { message: () => messageType(name) };
}

function toField(owner: string, [name = '', number = '', type = '']: readonly string[]): Field {
  const mark = number.at(-1) ?? '';
  return { name, number: Number.parseInt(number, 10), rule: rules[mark] ?? 'optional', type: toType(owner, type) };
}

/**
 * A message by its name in mesos.v1: `TaskInfo`, `scheduler.Call`.
 * @throws Error when there is none
 */
export function messageType(name: string): MessageType {
  const known = messages.get(name);
  if (known !== undefined) return known;
  const fields = entriesOf(name)
    .map((words) => toField(name, words))
    .sort((a, b) => a.number - b.number);
  const type = { fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
  messages.set(name, type);
  return type;
}
