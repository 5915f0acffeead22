import type { AgentCall, AgentEvent, AgentRegistration } from '../../../protocol/agent-api.ts';
import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { disconnectAgent, subscribeAgent } from './agents.ts';
import { streamEvents } from '../scheduler/event-stream.ts';
import { unregisterAgent } from './lose-agent.ts';
import { agentCall } from '../wire/messages/agent-call.ts';
import { readJsonCall } from '../wire/read-json-call.ts';
import { takeStatusUpdate } from './status-updates.ts';
import { refuseId } from '../scheduler/task-validation.ts';
import type { Term } from '../term.ts';

async function readCall(request: HttpRequest): Promise<AgentCall> {
  const message = await readJsonCall(request, agentCall);
  const { subscribe, agent_id: agentId, update_status: update } = message;
  const type = typeof message.type === 'string' ? message.type : '';
  const needed = { SUBSCRIBE: subscribe, UPDATE_STATUS: agentId && update, PONG: agentId, UNREGISTER: agentId };
  if (needed[type as keyof typeof needed] === undefined) throw new HttpError(400, `Missing required fields of ${type}`);
  // It is such a message, and has what its type needs.
  return message as unknown as AgentCall;
}

/** Ids of an agent come back to it in paths, and to others in answers. */
function checkRegistration({ agent_id: id, port, ip }: AgentRegistration): void {
  const badId = id === undefined ? undefined : refuseId(id.value);
  if (badId !== undefined) throw new HttpError(400, `Invalid agent id: ${badId}`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new HttpError(400, 'Invalid port of the agent');
  if (ip === '') throw new HttpError(400, 'Invalid address of the agent');
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

/**
 * `POST /api/agent` of the leading master: our own protocol (protocol/agent-api.ts).
 * @throws HttpError 400 for what is malformed, 403 when the agent must subscribe first
 */
export async function answerAgent(term: Term, request: HttpRequest): Promise<HttpAnswer> {
  const call = await readCall(request);
  if (call.type === 'SUBSCRIBE') {
    checkRegistration(call.subscribe);
    checkAdmission(term, call.subscribe);
    return streamEvents<AgentEvent>({}, (stream) => {
      const agent = subscribeAgent(term, call.subscribe, stream);
      return () => {
        disconnectAgent(term, agent, stream);
      };
    });
  }
  const agent = term.cluster.agents.get(call.agent_id.value);
  if (agent === undefined) throw new HttpError(403, 'Agent is not subscribed');
  if (call.type === 'PONG') agent.hasAnsweredPing = true;
  else if (call.type === 'UNREGISTER') unregisterAgent(term, agent);
  else takeStatusUpdate(term, agent, call.update_status);
  return { status: 202 };
}
