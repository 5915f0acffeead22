import type { CallResults, ChannelCall, ChannelEvent } from '../../../protocol/agent-api.ts';
import { HttpError, jsonAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import { disconnectAgent } from './agents.ts';
import { streamEvents } from '../scheduler/event-stream.ts';
import type { Term } from '../term.ts';
import { SharedStream } from './shared-stream.ts';

/** Ten thousand agents may be given a hundred thousand tasks at once. */
const maxBufferedBytes = 256 * 1024 * 1024;

/** Opens a stream that agents share. */
export const openSharedStream = (term: Term): HttpAnswer => ({
  ...streamEvents<ChannelEvent>({}, (stream) => {
    const shared = new SharedStream(stream);
    term.sharedStreams.set(stream.id, shared);
    return () => {
      term.sharedStreams.delete(stream.id);
      for (const { agent, stream: own } of shared.takeAll()) disconnectAgent(term, agent, own);
    };
  }),
  maxBufferedBytes,
});

/**
 * Takes the calls of agents that share a stream, in their order.
 * @param take takes one. @throws HttpError for that one alone
 * @throws HttpError 403 when there is no such stream
 */
export function answerCalls(
  term: Term,
  streamId: unknown,
  calls: readonly ChannelCall[],
  take: (shared: SharedStream, call: ChannelCall) => void,
): HttpAnswer {
  const shared = typeof streamId === 'string' ? term.sharedStreams.get(streamId) : undefined;
  if (shared === undefined) throw new HttpError(403, 'There is no such stream');
  const refused: CallResults['refused'][number][] = [];
  for (const [index, call] of calls.entries()) {
    try {
      take(shared, call);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      refused.push({ index, status: error.status, message: error.message });
    }
  }
  return jsonAnswer(200, { refused } satisfies CallResults);
}
