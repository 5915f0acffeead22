import { connect } from 'node:net';

/** How an attempt to connect came to its end. */
export type ConnectEnd =
  /** Somebody listens there, or the other machine says that nobody does: the way there is free. */
  | { readonly kind: 'reached'; readonly ms: number }
  /** In the words of the system; `no answer`: nothing came back in time. */
  | { readonly kind: 'failed'; readonly words: string };

/** Connects to a TCP port, says nothing, and hangs up. */
export type TimeConnect = (
  host: string,
  port: number,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<ConnectEnd>;

/** The real thing. @throws the signal's reason when it aborts */
export const timeConnect: TimeConnect = async (host, port, { timeoutMs, signal }) => {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const end = await new Promise<ConnectEnd>((resolve) => {
    const ms = () => performance.now() - startedAt;
    const socket = connect({ host, port, signal, timeout: timeoutMs });
    socket.once('connect', () => {
      resolve({ kind: 'reached', ms: ms() });
      socket.destroy();
    });
    socket.once('timeout', () => {
      resolve({ kind: 'failed', words: 'no answer' });
      socket.destroy();
    });
    socket.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message;
      resolve(code === 'ECONNREFUSED' ? { kind: 'reached', ms: ms() } : { kind: 'failed', words: wordsOf(code) });
    });
  });
  signal.throwIfAborted();
  return end;
};

function wordsOf(code: string): string {
  if (code === 'EHOSTUNREACH' || code === 'EHOSTDOWN') return 'no route to host';
  return code === 'ETIMEDOUT' ? 'no answer' : code;
}
