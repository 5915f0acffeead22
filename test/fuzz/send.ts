import { request, type Agent, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  readonly status: number;
  readonly text: string;
  /** Of a session that was opened, and stays open: who hangs up changes what the master knows. */
  readonly session?: IncomingMessage;
}

/** Sends a request. Of an answer that goes on for ever only the head is read. */
export function send(url: string, asked: FuzzRequest, connection: Agent): Promise<FuzzAnswer> {
  const { method, target, body } = asked;
  const { hostname, port } = new URL(url);
  // Node.js would send the body of a DELETE without its length, as another request.
  const headers = { ...asked.headers, ...(body.length > 0 && { 'Content-Length': body.length }) };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path: target, headers, agent: connection });
    let status = 0;
    // A wait that was asked for, or an answer that goes on without saying so.
    sent.setTimeout(1000, () => {
      resolve({ status, text: '' });
      sent.destroy();
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      status = answer.statusCode ?? 0;
      const type = answer.headers['content-type'] ?? '';
      if ('mesos-stream-id' in answer.headers) {
        // One that has nothing to say is not hung up on: that would change what is known, at some time.
        sent.setTimeout(0);
        answer.on('error', () => undefined).resume();
        resolve({ status, text: '', session: answer });
      } else if (/event-stream|recordio/.test(type)) {
        answer.on('error', () => undefined).destroy();
        resolve({ status, text: '' });
      } else {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => {
          // The event stream of an operator says only by its first record what it is.
          const isStream =
            parts.push(part) === 1 && !('content-length' in answer.headers) && /^\d+\n/.test(String(part));
          if (!isStream) return;
          answer.destroy();
          resolve({ status, text: '' });
        });
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status, text: Buffer.concat(parts).toString('utf8') });
        });
      }
    });
    sent.end(body);
  });
}

/** Sends bytes that may be no request at all, hangs up, and returns what came back. */
export function sendBytes(url: string, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let text = '';
    // A server that waits for the rest of what will not come.
    socket.setTimeout(20, () => socket.destroy());
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
  });
}
