import type { Answerer } from './answer-query.ts';
import type { AnswerMessage } from './dns-server.ts';
import type { Forwarder } from './forwarder.ts';
import { rcodes, readQuery } from './wire/read-query.ts';

/** Answers what it is asked of the domain, and has others asked for the rest. */
export function answerMessage(answerer: Answerer, forwarder: Forwarder, log: (line: string) => void): AnswerMessage {
  return (message, transport) => {
    const read = readQuery(message);
    if (read.kind === 'none') return undefined;
    if (read.kind === 'refused') return answerer.refusal(read);
    const { query } = read;
    try {
      if (answerer.isOfDomain(query)) return answerer.answer(query, transport);
    } catch (error) {
      log(`${query.name} ${query.type}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return answerer.failure(query, rcodes.serverFailure);
    }
    return forwarder.forward(message, query.name, transport).then((forwarded) => {
      if (typeof forwarded !== 'string') return forwarded;
      return answerer.failure(query, forwarded === 'none' ? rcodes.refused : rcodes.serverFailure);
    });
  };
}
