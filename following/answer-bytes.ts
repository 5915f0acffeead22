import type { IncomingMessage } from 'node:http';

/**
 * The whole body of an answer.
 * @param who answers, in the words of an error
 * @throws Error when it is longer than that, and what becomes of the connection
 */
export async function answerBytes(answer: IncomingMessage, mostBytes: number, who = 'it'): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  // What is thrown here ends the connection, too.
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBytes) throw new Error(`${who} answers more than ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
