import { objectOf, valueAt, type JsonObject } from '../../../protocol/json.ts';
import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { eventStream } from '../../master/scheduler/event-stream.ts';
import { recordIo, type MessageFormat } from '../../protobuf/media-types.ts';
import { messageAnswer } from '../../protobuf/message-answer.ts';
import { recordFormat } from '../../protobuf/record-format.ts';
import type { ContainerRequest } from './container.ts';
import { type ContainerId, textOfId } from './container-id.ts';
import type { Containers } from './containers.ts';
import type { ProcessIo } from './process-io.ts';
import { refuseContainerCall } from './refuse-call.ts';
import type { Switchboard } from './switchboard.ts';

/** A call about a container, and how it is answered. */
interface ContainerCall {
  readonly containers: Containers;
  readonly type: string;
  readonly content: JsonObject;
  readonly id: ContainerId;
  readonly format: MessageFormat;
  readonly wantsStream: boolean;
  readonly others?: AsyncIterator<JsonObject>;
  readonly request: HttpRequest;
}

const ok: HttpAnswer = { status: 200 };

const calls: Readonly<Record<string, (call: ContainerCall) => Promise<HttpAnswer>>> = {
  LAUNCH_NESTED_CONTAINER: launch,
  LAUNCH_CONTAINER: launch,
  WAIT_NESTED_CONTAINER: wait,
  WAIT_CONTAINER: wait,
  KILL_NESTED_CONTAINER: kill,
  KILL_CONTAINER: kill,
  REMOVE_NESTED_CONTAINER: remove,
  REMOVE_CONTAINER: remove,
  LAUNCH_NESTED_CONTAINER_SESSION: openSession,
  ATTACH_CONTAINER_OUTPUT: (call) => attachOutput(call, call.containers.attach(call.id)),
  ATTACH_CONTAINER_INPUT: attachInput,
};

const isContainerCall = (type: string): boolean => Object.hasOwn(calls, type);

/** Why such a call is invalid, and undefined if it is not one. */
export const refuseIfContainerCall = (type: string, call: JsonObject): string | undefined =>
  isContainerCall(type) ? refuseContainerCall(type, call) : undefined;

/**
 * Answers a call about a container that is valid (src/slave/http.cpp).
 * @throws HttpError
 */
export function answerContainerCall(
  type: string,
  call: JsonObject,
  around: Pick<ContainerCall, 'containers' | 'format' | 'wantsStream' | 'others' | 'request'>,
): Promise<HttpAnswer> | undefined {
  const content = objectOf(call[type.toLowerCase()]);
  const id = content['container_id'] as unknown as ContainerId;
  return Object.hasOwn(calls, type) ? calls[type]?.({ ...around, type, content, id }) : undefined;
}

const requestOf = ({ type, content }: ContainerCall): ContainerRequest => ({
  ...(content as Omit<ContainerRequest, 'isDebug'>),
  isDebug: type === 'LAUNCH_NESTED_CONTAINER_SESSION',
});

async function launch(call: ContainerCall): Promise<HttpAnswer> {
  return (await call.containers.launch(call.id, requestOf(call))) ? ok : { status: 202 };
}

async function wait({ containers, id, type, format }: ContainerCall): Promise<HttpAnswer> {
  const termination = await containers.wait(id);
  if (termination === undefined) throw new HttpError(404, `Container ${textOfId(id)} cannot be found`);
  return messageAnswer(format, 'agent.Response', { type, [type.toLowerCase()]: termination });
}

const sigkill = 9;

async function kill({ containers, id, content }: ContainerCall): Promise<HttpAnswer> {
  const signal = valueAt(content, 'signal');
  if (await containers.kill(id, typeof signal === 'number' ? signal : sigkill)) return ok;
  throw new HttpError(404, `Container '${textOfId(id)}' cannot be found (or is already killed)`);
}

async function remove({ containers, id }: ContainerCall): Promise<HttpAnswer> {
  await containers.remove(id);
  return ok;
}

async function openSession(call: ContainerCall): Promise<HttpAnswer> {
  const { containers, id } = call;
  if (!(await containers.launch(id, requestOf(call)))) return { status: 202 };
  const key = textOfId(id);
  const container = containers.live.find((each) => textOfId(each.id) === key);
  const switchboard = container?.switchboard;
  if (container === undefined || switchboard === undefined) throw new HttpError(500, `Unknown container ${key}`);
  // With whoever opened it, and with its output, it ends.
  return attachOutput(call, switchboard, () => void containers.destroy(container));
}

async function attachOutput(
  { format, wantsStream }: ContainerCall,
  switchboard: Switchboard,
  onClose: () => void = () => undefined,
): Promise<HttpAnswer> {
  const records = await recordFormat(format, 'agent.ProcessIO');
  return {
    status: 200,
    headers: wantsStream
      ? { 'Content-Type': recordIo, 'Message-Content-Type': records.contentType }
      : { 'Content-Type': records.contentType },
    stream: (sink) => {
      const leave = switchboard.listen(eventStream('', sink, records));
      sink.onClose(() => {
        leave();
        onClose();
      });
    },
  };
}

async function attachInput({ containers, content, id, others, request }: ContainerCall): Promise<HttpAnswer> {
  if (content['type'] !== 'CONTAINER_ID' || others === undefined) {
    throw new HttpError(400, "Expecting 'attach_container_input.type' to be CONTAINER_ID");
  }
  const switchboard = containers.attach(id);
  try {
    await switchboard.write(messagesOf(others));
  } catch (error) {
    // Who writes may go without a word.
    if (!(error instanceof HttpError) && request.signal.aborted) return ok;
    throw error;
  }
  return ok;
}

/** @throws HttpError 400 */
async function* messagesOf(calls: AsyncIterator<JsonObject>): AsyncGenerator<ProcessIo, void> {
  for (;;) {
    const next = await calls.next();
    if (next.done === true) return;
    const { type, process_io: message } = objectOf(next.value['attach_container_input']);
    if (type !== 'PROCESS_IO') {
      const given = typeof type === 'string' ? type : 'UNKNOWN';
      throw new HttpError(400, `Expecting 'attach_container_input.type' to be 'PROCESS_IO' instead of: '${given}'`);
    }
    if (message === undefined) throw new HttpError(400, "Expecting 'attach_container_input.process_io' to be present");
    yield message as ProcessIo;
  }
}
