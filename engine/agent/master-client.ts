import { Agent, request, type ClientRequest } from 'node:http';
import type { AgentCall, AgentEvent } from '../../protocol/agent-api.ts';
import { RecordIoDecoder } from '../../protocol/record-io.ts';

/** A master's end of the agent API. */
export interface MasterClient {
  /** @throws Error when the master does not take the call */
  readonly call: (call: AgentCall) => Promise<void>;
  /** Opens the stream of a SUBSCRIBE call. */
  readonly subscribe: (call: AgentCall, listener: StreamListener) => { readonly close: () => void };
  readonly close: () => void;
}

export interface StreamListener<Event = AgentEvent> {
  /** The master has begun to answer. @param streamId its Mesos-Stream-Id */
  readonly onOpen?: (streamId: string) => void;
  readonly onEvent: (event: Event) => void;
  /** Called once, unless the stream was closed from here. */
  readonly onEnd: (reason: string) => void;
}

const callTimeoutMs = 10_000;
/** A master's event is a task at most. */
const maxEventBytes = 16 * 1024 * 1024;

/** @param url of the master, `http://127.0.0.1:5050` */
export function masterClient(url: string): MasterClient {
  // Few connections, so that a thousand updates do not need a thousand.
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const open = (call: AgentCall, options: { readonly agent: Agent | false; readonly timeout?: number }) => {
    const body = JSON.stringify(call);
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    return request(new URL('/api/agent', url), { method: 'POST', headers, ...options }).end(body);
  };
  return {
    call: async (call) => {
      const first = open(call, { agent, timeout: callTimeoutMs });
      await finish(first).catch((error: unknown) => {
        // The master had just closed the connection that was kept for the next call.
        if (first.reusedSocket) return finish(open(call, { agent, timeout: callTimeoutMs }));
        throw error;
      });
    },
    subscribe: (call, listener) => follow(open(call, { agent: false }), listener),
    close: () => {
      agent.destroy();
    },
  };
}

function finish(pending: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    pending.on('error', reject);
    pending.on('timeout', () => pending.destroy(new Error('No answer in time')));
    pending.on('response', (response) => {
      response.on('error', reject).on('close', () => {
        reject(new Error('The answer broke off'));
      });
      response.on('end', () => {
        if (response.statusCode === 200 || response.statusCode === 202) resolve();
        else reject(new Error(`HTTP ${response.statusCode ?? 0}`));
      });
      response.resume();
    });
  });
}

/** Hands over the events of an answer that never ends. */
export function follow<Event>(pending: ClientRequest, listener: StreamListener<Event>): { readonly close: () => void } {
  let isOpen = true;
  const end = (reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    pending.destroy();
    listener.onEnd(reason);
  };
  const decoder = new RecordIoDecoder(maxEventBytes);
  const take = (bytes: Uint8Array) => {
    for (const record of decoder.push(bytes)) {
      if (isOpen) listener.onEvent(JSON.parse(record) as Event);
    }
  };
  pending.on('socket', (socket) => socket.setKeepAlive(true, 15_000));
  pending.on('error', (error) => {
    end(error.message);
  });
  pending.on('response', (response) => {
    response.on('error', (error) => {
      end(error.message);
    });
    response.on('close', () => {
      end('The master closed the connection');
    });
    if (response.statusCode !== 200) {
      end(`The master answered HTTP ${response.statusCode ?? 0}`);
      return;
    }
    listener.onOpen?.(String(response.headers['mesos-stream-id']));
    response.on('data', (bytes: Uint8Array) => {
      try {
        if (isOpen) take(bytes);
      } catch (error) {
        end(`Not the agent API: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  });
  return {
    close: () => {
      isOpen = false;
      pending.destroy();
    },
  };
}
