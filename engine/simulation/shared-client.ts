import { Agent, request } from 'node:http';
import type { CallResults, ChannelEvent, SharedCall } from '../../protocol/agent-api.ts';
import { follow, type StreamListener } from '../agent/master-client.ts';

const callTimeoutMs = 60_000;

/** A master's end of the agent API, for agents that share a stream: two connections for all of them. */
export interface SharedClient {
  /**
   * Sends calls together, on a stream that is open.
   * @param calls each as JSON
   * @throws Error when the master does not answer them
   */
  readonly call: (streamId: string, calls: readonly string[]) => Promise<CallResults>;
  readonly open: (listener: StreamListener<ChannelEvent>) => { readonly close: () => void };
  readonly close: () => void;
}

/** @param url of the master, `http://127.0.0.1:5050` */
export function sharedClient(url: string): SharedClient {
  const connection = new Agent({ keepAlive: true, maxSockets: 1 });
  const endpoint = new URL('/api/agent', url);
  const share = JSON.stringify({ type: 'SHARE' } satisfies SharedCall);
  return {
    call: (streamId, calls) => post(endpoint, connection, streamId, `{"type":"CALLS","calls":[${calls.join(',')}]}`),
    open: (listener) =>
      follow(request(endpoint, { method: 'POST', agent: false, headers: json(share) }).end(share), listener),
    close: () => {
      connection.destroy();
    },
  };
}

const json = (body: string) => ({ 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });

function post(endpoint: URL, agent: Agent, streamId: string, body: string): Promise<CallResults> {
  const headers = { ...json(body), 'Mesos-Stream-Id': streamId };
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', agent, headers, timeout: callTimeoutMs }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('close', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (response.complete && response.statusCode === 200) resolve(JSON.parse(text) as CallResults);
        else reject(new Error(`HTTP ${response.statusCode ?? 0} ${text}`.trim()));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('No answer in time')));
    sent.on('error', reject);
    sent.end(body);
  });
}
