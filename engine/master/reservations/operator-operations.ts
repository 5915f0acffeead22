import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { textAt, valueAt, type JsonObject } from '../../../protocol/json.ts';
import type { Json, Resource } from '../../../protocol/mesos.ts';
import type { AgentRecord } from '../records.ts';
import { contains, isEmpty, minus, plus, toResources } from '../resources.ts';
import type { Operation } from '../scheduler/scheduler-call.ts';
import { rescindOffer, type Term } from '../term.ts';
import { resource } from '../wire/messages/resources.ts';
import { parseJson } from '../wire/parse-json.ts';
import { parseMessage } from '../wire/protobuf-json.ts';
import { ConversionError } from '../wire/scalar-json.ts';
import { conversionOf, type Conversion } from './conversion.ts';
import { agentText, applyConversion, refuseAmount } from './operations.ts';
import { refuseConversion } from './refuse-conversion.ts';
import { refuseResizeForm } from './refuse-resize.ts';

/** The calls of the operator API: the operation that each asks for, with the same fields. */
const calls = {
  RESERVE_RESOURCES: { type: 'RESERVE', field: 'reserve_resources', list: 'resources' },
  UNRESERVE_RESOURCES: { type: 'UNRESERVE', field: 'unreserve_resources', list: 'resources' },
  CREATE_VOLUMES: { type: 'CREATE', field: 'create_volumes', list: 'volumes' },
  DESTROY_VOLUMES: { type: 'DESTROY', field: 'destroy_volumes', list: 'volumes' },
  GROW_VOLUME: { type: 'GROW_VOLUME', field: 'grow_volume' },
  SHRINK_VOLUME: { type: 'SHRINK_VOLUME', field: 'shrink_volume' },
} as const;

export type OperationCall = keyof typeof calls;

/** Those that have an older endpoint. */
type FormCall = Exclude<OperationCall, 'GROW_VOLUME' | 'SHRINK_VOLUME'>;

/** The older endpoints of the same, which take forms. */
export const operationForms: Readonly<Record<string, FormCall>> = {
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
  const message = valueAt(call, calls[type].field);
  const agentId = textAt(message, 'agent_id', 'value');
  if (agentId === undefined) {
    const why = "Expecting 'agent_id' to be present; only agent default resources are supported right now";
    throw new HttpError(400, `Failed to validate master::Call: ${why}`);
  }
  return operate(term, agentId, toOperation(type, message));
}

/** @param details a message of the call, or what a form has in its place; both name all as the operation does */
function toOperation(call: OperationCall, details: unknown): Operation {
  const { type } = calls[call];
  return { type, [type.toLowerCase()]: details };
}

/** A form with `slaveId`, and `resources` or `volumes` in JSON. @throws HttpError 400, 409 */
export async function answerOperationForm(term: Term, request: HttpRequest, type: FormCall): Promise<HttpAnswer> {
  const { list } = calls[type];
  const form = await request.form();
  const [agentId, text] = [form.get('slaveId'), form.get(list)];
  const missing = (name: string) => new HttpError(400, `Missing '${name}' query parameter in the request body`);
  if (agentId === null) throw missing('slaveId');
  agentOf(term, agentId);
  if (text === null) throw missing(list);
  return operate(term, agentId, toOperation(type, { [list]: readList(text, list) }));
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
function operate(term: Term, agentId: string, operation: Operation): HttpAnswer {
  const agent = agentOf(term, agentId);
  const conversion = conversionOf(operation);
  if (conversion === undefined) throw new HttpError(501, '');
  const { type } = conversion;
  const malformed = refuseResizeForm(conversion);
  if (malformed !== undefined) throw new HttpError(400, malformed);
  const { total, used } = agent;
  const problem = refuseConversion(conversion, { total, used });
  if (problem !== undefined) {
    const where = type === 'UNRESERVE' || type === 'DESTROY' ? '' : ` on agent ${agentText(agent)}`;
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
