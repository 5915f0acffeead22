import type { JsonObject } from '../../../../protocol/json.ts';
import { HttpError, type HttpAnswer } from '../../../http/http-answer.ts';
import type { HttpRequest } from '../../../http/http-request.ts';
import { streamEvents } from '../../../master/scheduler/event-stream.ts';
import { executorCall } from '../../../master/wire/messages/executor-call.ts';
import { acceptedFormat } from '../../../protobuf/media-types.ts';
import { readCall } from '../../../protobuf/read-call.ts';
import { recordFormat } from '../../../protobuf/record-format.ts';
import type { TaskTable } from '../../tasks/task-table.ts';
import type { CustomExecutors } from './custom-executors.ts';
import type { ExecutorCall, ExecutorEvent } from './executor-messages.ts';

export interface ExecutorApi {
  readonly table: TaskTable;
  readonly executors: CustomExecutors;
  /** Passes a message on to the framework. */
  readonly onMessage: (frameworkId: string, executorId: string, data: string) => void;
}

/**
 * `POST /api/v1/executor` of an agent (docs/executor-http-api.md; order of the checks as in src/slave/http.cpp,
 * Http::executor).
 * @throws HttpError
 */
export async function answerExecutor(api: ExecutorApi, request: HttpRequest): Promise<HttpAnswer> {
  const call = validated(await readCall(request, executorCall, 'executor.Call'));
  const format = call.type === 'SUBSCRIBE' ? acceptedFormat(request) : undefined;
  const { framework_id: frameworkId, executor_id: executorId } = call;
  if (!api.table.frameworks.has(frameworkId.value)) throw new HttpError(400, 'Framework cannot be found');
  const executor = api.executors.find(api.table.findExecutor(frameworkId.value, executorId.value));
  if (executor === undefined) throw new HttpError(400, 'Executor cannot be found');
  if (call.type === 'SUBSCRIBE' && format !== undefined) {
    const records = await recordFormat(format, 'executor.Event');
    const opened = (stream: Parameters<typeof executor.subscribe>[0]) => {
      executor.subscribe(stream, call.subscribe);
      return () => {
        executor.unsubscribed(stream);
      };
    };
    return streamEvents<ExecutorEvent>({}, opened, records);
  }
  if (!executor.isSubscribed) throw new HttpError(403, 'Executor is not subscribed');
  if (call.type === 'UPDATE') executor.update(call.update.status);
  if (call.type === 'MESSAGE') api.onMessage(frameworkId.value, executorId.value, call.message.data);
  if (call.type === 'UNKNOWN') throw new HttpError(501, '');
  return { status: 202 };
}

/** @throws HttpError 400 in the words of src/slave/validation.cpp, executor::call::validate */
function validated(message: JsonObject): ExecutorCall {
  const problem = refuse(message);
  if (problem !== undefined) throw new HttpError(400, `Failed to validate Executor::Call: ${problem}`);
  // It is such a message, and has what its type needs.
  return message as unknown as ExecutorCall;
}

function refuse(message: JsonObject): string | undefined {
  const { type } = message;
  if (typeof type !== 'string') return "Expecting 'type' to be present";
  const field = type.toLowerCase();
  if (['subscribe', 'update', 'message'].includes(field) && message[field] === undefined) {
    return `Expecting '${field}' to be present`;
  }
  return type === 'UPDATE' ? refuseUpdate(message as unknown as Extract<ExecutorCall, { type: 'UPDATE' }>) : undefined;
}

function refuseUpdate({ update, executor_id: id, framework_id: owner }: Extract<ExecutorCall, { type: 'UPDATE' }>) {
  const { status } = update;
  const caller = `executor ${id.value} of framework ${owner.value}`;
  if (status.uuid === undefined) return "Expecting 'uuid' to be present";
  if (Buffer.from(status.uuid, 'base64').length !== 16) return 'Not a valid UUID';
  const named = status.executor_id?.value ?? id.value;
  if (named !== id.value) return `ExecutorID in Call: ${id.value} does not match ExecutorID in TaskStatus: ${named}`;
  if (status.source !== 'SOURCE_EXECUTOR') {
    return `Received Call from ${caller} with invalid source, expecting 'SOURCE_EXECUTOR'`;
  }
  return status.state === 'TASK_STAGING' ? `Received TASK_STAGING from ${caller} which is not allowed` : undefined;
}
