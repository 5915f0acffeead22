import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { listAt, textAt, valueAt, type JsonObject } from '../../../protocol/json.ts';
import type { Json, Resource } from '../../../protocol/mesos.ts';
import { addressOf } from '../cluster-state.ts';
import type { AgentRecord } from '../records.ts';
import { contains, isEmpty, minus, plus, toResources } from '../resources.ts';
import type { Operation } from '../scheduler/scheduler-call.ts';
import { rescindOffer, type Term } from '../term.ts';
import { resource } from '../wire/messages/resources.ts';
import { parseJson } from '../wire/parse-json.ts';
import { parseMessage } from '../wire/protobuf-json.ts';
import { ConversionError } from '../wire/scalar-json.ts';
import { conversionOf, type Conversion } from './conversion.ts';
import { applyConversion, refuseAmount } from './operations.ts';
import { refuseConversion } from './refuse-conversion.ts';

/** The calls of the operator API: what each asks to do, and what with. */
const calls = {
  RESERVE_RESOURCES: { type: 'RESERVE', field: 'reserve_resources', list: 'resources' },
  UNRESERVE_RESOURCES: { type: 'UNRESERVE', field: 'unreserve_resources', list: 'resources' },
  CREATE_VOLUMES: { type: 'CREATE', field: 'create_volumes', list: 'volumes' },
  DESTROY_VOLUMES: { type: 'DESTROY', field: 'destroy_volumes', list: 'volumes' },
} as const;

export type OperationCall = keyof typeof calls;

/** The older endpoints of the same, which take forms. */
export const operationForms: Readonly<Record<string, OperationCall>> = {
  '/reserve': 'RESERVE_RESOURCES',
  '/unreserve': 'UNRESERVE_RESOURCES',
  '/create-volumes': 'CREATE_VOLUMES',
  '/destroy-volumes': 'DESTROY_VOLUMES',
};

/** What each call must have beside its type. */
export const operationFields: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(calls).map(([name, { field }]) => [name, field]),
);

export const isOperationCall = (type: string): type is OperationCall => Object.hasOwn(calls, type);

/** A call that has its field. @throws HttpError 400, 409 */
export function answerOperation(term: Term, type: OperationCall, call: JsonObject): HttpAnswer {
  const { field, list } = calls[type];
  const message = valueAt(call, field);
  // It is such a message.
  const [named, source] = [listAt(message, list), listAt(message, 'source')] as unknown as readonly Resource[][];
  return operate(term, textAt(message, 'agent_id', 'value') ?? '', type, named ?? [], source ?? []);
}

/** A form with `slaveId`, and `resources` or `volumes` in JSON. @throws HttpError 400, 409 */
export async function answerOperationForm(term: Term, request: HttpRequest, type: OperationCall): Promise<HttpAnswer> {
  const { list } = calls[type];
  const form = await request.form();
  const [agentId, text] = [form.get('slaveId'), form.get(list)];
  const missing = (name: string) => new HttpError(400, `Missing '${name}' query parameter in the request body`);
  if (agentId === null) throw missing('slaveId');
  agentOf(term, agentId);
  if (text === null) throw missing(list);
  return operate(term, agentId, type, readList(text, list), []);
}

/** @throws HttpError 400 */
function readList(text: string, name: string): readonly Resource[] {
  const json = parseJson(text);
  const invalid = (why: string) =>
    new HttpError(400, `Error parsing '${name}' query parameter in the request body: ${why}`);
  if ('error' in json) throw invalid(json.error);
  if (!Array.isArray(json.value)) throw invalid('Expecting a JSON array');
  try {
    return json.value.map((each: Json) => parseMessage(each, resource) as unknown as Resource);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw invalid(error.message);
  }
}

/** @throws HttpError 400 */
function agentOf({ cluster }: Term, id: string): AgentRecord {
  const agent = cluster.agents.get(id);
  if (agent === undefined) throw new HttpError(400, 'No agent found with specified ID');
  return agent;
}

/** In the order and with the words of src/master/http.cpp. @throws HttpError 400, 409 */
function operate(
  term: Term,
  agentId: string,
  call: OperationCall,
  named: readonly Resource[],
  source: readonly Resource[],
): HttpAnswer {
  const agent = agentOf(term, agentId);
  const { type } = calls[call];
  const conversion = conversionOf(toOperation(type, named, source));
  if (conversion === undefined) throw new HttpError(501, '');
  const { total, used, registration } = agent;
  const problem = refuseConversion(conversion, { total, used });
  if (problem !== undefined) {
    const where =
      type === 'RESERVE' || type === 'CREATE'
        ? ` on agent ${agent.id} at ${addressOf(registration)} (${registration.hostname})`
        : '';
    throw new HttpError(400, `Invalid ${type} operation${where}: ${problem}`);
  }
  takeBack(term, agent, conversion);
  const available = minus(agent.total, plus(agent.used, agent.offered));
  const conflict = refuseAmount(available, conversion);
  if (conflict !== undefined) throw new HttpError(409, conflict);
  applyConversion(term, agent, conversion);
  term.allocator.request();
  return { status: 202 };
}

function toOperation(type: Conversion['type'], named: readonly Resource[], source: readonly Resource[]): Operation {
  switch (type) {
    case 'RESERVE':
      return { type, reserve: { resources: named, source } };
    case 'UNRESERVE':
      return { type, unreserve: { resources: named } };
    case 'CREATE':
      return { type, create: { volumes: named } };
    case 'DESTROY':
      return { type, destroy: { volumes: named } };
  }
}

/** Rescinds as many offers of the agent as the operation needs (Master::Http::_operation). */
function takeBack(term: Term, agent: AgentRecord, { consumed }: Conversion): void {
  let required = toResources(consumed);
  for (const offer of [...agent.offers.values()]) {
    if (isEmpty(required)) return;
    const rest = minus(required, offer.resources);
    // Nothing of it is needed.
    if (contains(rest, required)) continue;
    required = rest;
    rescindOffer(term, offer);
  }
}
