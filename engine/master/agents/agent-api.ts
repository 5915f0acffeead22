import type { AgentCall, AgentEvent, AgentRegistration, ChannelCall, SharedCall } from '../../../protocol/agent-api.ts';
import { isJsonObject, listAt, type JsonObject } from '../../../protocol/json.ts';
import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { machineOf } from '../maintenance/machine-id.ts';
import { isDown } from '../maintenance/schedule.ts';
import { disconnectAgent, subscribeAgent } from './agents.ts';
import { executorMessage, exitedExecutor } from './executors.ts';
import { streamEvents } from '../scheduler/event-stream.ts';
import { unregisterAgent } from './lose-agent.ts';
import { agentCall } from '../wire/messages/agent-call.ts';
import { readJsonCall } from '../wire/read-json-call.ts';
import { answerCalls, openSharedStream } from './shared-calls.ts';
import type { SharedStream } from './shared-stream.ts';
import { takeOperationStatus } from '../reservations/operations.ts';
import { takeStatusUpdate } from './status-updates.ts';
import { refuseId } from '../scheduler/validation/resource-validation.ts';
import type { Term } from '../term.ts';

/** What a call must have, by its type: of an agent with a stream of its own, and of one that shares it. */
const ownFields: Readonly<Record<string, readonly string[]>> = {
  SUBSCRIBE: ['subscribe'],
  UPDATE_STATUS: ['agent_id', 'update_status'],
  UPDATE_OPERATION_STATUS: ['agent_id', 'update_operation_status'],
  EXITED_EXECUTOR: ['agent_id', 'exited_executor'],
  MESSAGE: ['agent_id', 'message'],
  PONG: ['agent_id'],
  UNREGISTER: ['agent_id'],
  SHARE: [],
  CALLS: ['calls'],
};
const channelFields: Readonly<Record<string, readonly string[]>> = {
  SUBSCRIBE: ['subscribe', 'channel'],
  UPDATE_STATUS: ['agent_id', 'update_status'],
  UPDATE_OPERATION_STATUS: ['agent_id', 'update_operation_status'],
  EXITED_EXECUTOR: ['agent_id', 'exited_executor'],
  MESSAGE: ['agent_id', 'message'],
  PONG: ['channels'],
  UNREGISTER: ['agent_id'],
};

function requireFields(call: JsonObject, fieldsOf: typeof ownFields): void {
  const type = typeof call['type'] === 'string' ? call['type'] : '';
  const fields = Object.hasOwn(fieldsOf, type) ? fieldsOf[type] : undefined;
  if (fields?.every((name) => call[name] !== undefined) !== true) {
    throw new HttpError(400, `Missing required fields of ${type}`);
  }
}

async function readCall(request: HttpRequest): Promise<AgentCall | SharedCall> {
  const message = await readJsonCall(request, agentCall);
  requireFields(message, ownFields);
  for (const each of listAt(message, 'calls')) if (isJsonObject(each)) requireFields(each, channelFields);
  // It is such a message, and has what its type needs.
  return message as unknown as AgentCall | SharedCall;
}

/** Ids of an agent come back to it in paths, and to others in answers. */
function checkRegistration({ agent_id: id, port, ip, ordinal = 1 }: AgentRegistration): void {
  const badId = id === undefined ? undefined : refuseId(id.value);
  if (badId !== undefined) throw new HttpError(400, `Invalid agent id: ${badId}`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new HttpError(400, 'Invalid port of the agent');
  if (ip === '') throw new HttpError(400, 'Invalid address of the agent');
  if (!Number.isSafeInteger(ordinal) || ordinal < 1) throw new HttpError(400, 'Invalid ordinal of the agent');
}

/** On a machine that is in maintenance (Master::registerSlave). @throws HttpError 403 */
function checkMachine({ registrar }: Term, registration: AgentRegistration): void {
  if (isDown(registrar.registry, machineOf(registration))) throw new HttpError(403, 'Machine is `DOWN`');
}

/** An agent that this master does not know is written to the registry first. @throws HttpError 503 without a quorum */
function checkAdmission({ cluster, registrar }: Term, { agent_id: id, hostname, ip, port }: AgentRegistration): void {
  if (id !== undefined && cluster.agents.has(id.value)) return;
  const isPossible = registrar.apply(
    `admit agent ${id === undefined ? '' : `${id.value} `}at ${ip}:${port} (${hostname})`,
    () => undefined,
  );
  if (!isPossible) throw new HttpError(503, 'The registry cannot be updated: there is no quorum of masters');
}

/** Whether an agent may subscribe. @throws HttpError */
function checkSubscription(term: Term, registration: AgentRegistration): void {
  checkRegistration(registration);
  checkMachine(term, registration);
  checkAdmission(term, registration);
}

/**
 * `POST /api/agent` of the leading master: our own protocol (protocol/agent-api.ts).
 * @throws HttpError 400 for what is malformed, 403 when the agent must subscribe first
 */
export async function answerAgent(term: Term, request: HttpRequest): Promise<HttpAnswer> {
  const call = await readCall(request);
  switch (call.type) {
    case 'SUBSCRIBE':
      checkSubscription(term, call.subscribe);
      return streamEvents<AgentEvent>({}, (stream) => {
        const agent = subscribeAgent(term, call.subscribe, stream);
        if (agent === undefined) return undefined;
        return () => {
          disconnectAgent(term, agent, stream);
        };
      });
    case 'SHARE':
      return openSharedStream(term);
    case 'CALLS':
      return answerCalls(term, request.headers['mesos-stream-id'], call.calls, (shared, each) => {
        takeChannelCall(term, shared, each);
      });
    case 'PONG':
      agentOf(term, call.agent_id.value).hasAnsweredPing = true;
      break;
    default:
      takeCall(term, call);
  }
  return { status: 202 };
}

/** @throws HttpError 403 */
function agentOf({ cluster }: Term, id: string) {
  const agent = cluster.agents.get(id);
  if (agent === undefined) throw new HttpError(403, 'Agent is not subscribed');
  return agent;
}

type Told = Extract<
  AgentCall,
  { readonly type: 'UPDATE_STATUS' | 'UPDATE_OPERATION_STATUS' | 'EXITED_EXECUTOR' | 'MESSAGE' | 'UNREGISTER' }
>;

function takeCall(term: Term, call: Told): void {
  const agent = agentOf(term, call.agent_id.value);
  if (call.type === 'UNREGISTER') unregisterAgent(term, agent);
  else if (call.type === 'UPDATE_OPERATION_STATUS') takeOperationStatus(term, agent, call.update_operation_status);
  else if (call.type === 'EXITED_EXECUTOR') exitedExecutor(term, agent, call.exited_executor);
  else if (call.type === 'MESSAGE') executorMessage(term, agent, call.message);
  else takeStatusUpdate(term, agent, call.update_status);
}

/** @throws HttpError as an answer to this call alone */
function takeChannelCall(term: Term, shared: SharedStream, call: ChannelCall): void {
  if (call.type === 'PONG') shared.answered(call.channels);
  else if (call.type === 'SUBSCRIBE') {
    checkSubscription(term, call.subscribe);
    if (!shared.open(call.channel, (stream) => subscribeAgent(term, call.subscribe, stream)))
      throw new HttpError(400, `Channel ${call.channel} was used before`);
  } else takeCall(term, call);
}
