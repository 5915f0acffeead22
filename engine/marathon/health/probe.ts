import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';

/** Undefined: it is well. Else why not. */
export type ProbeResult = string | undefined;

export interface ProbeTarget {
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}

// One connection a probe: a task that was replaced by another on the same port must not be asked over an old one.
const httpAgent = new HttpAgent({ keepAlive: false });
const httpsAgent = new HttpsAgent({ keepAlive: false, rejectUnauthorized: false });

/** Asks a task for its health (HealthCheckWorkerActor.scala of Marathon): HTTP 200-399 is well. Never rejects. */
export function probe(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> {
  return target.protocol === 'TCP' ? probeTcp(target, signal) : probeHttp(target, signal);
}

function probeHttp(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const isHttps = target.protocol === 'HTTPS';
    const path = target.path.startsWith('/') ? target.path : `/${target.path}`;
    const authority = target.host.includes(':') ? `[${target.host}]` : target.host;
    const end = (result: ProbeResult) => {
      clearTimeout(timer);
      resolve(result);
      outgoing?.destroy();
    };
    const timer = setTimeout(() => {
      end(`no answer within ${target.timeoutMs / 1000} s`);
    }, target.timeoutMs);
    timer.unref();
    let outgoing: ReturnType<typeof httpRequest> | undefined;
    try {
      const url = new URL(`${isHttps ? 'https' : 'http'}://${authority}:${target.port}${path}`);
      const send = isHttps ? httpsRequest : httpRequest;
      outgoing = send(url, { agent: isHttps ? httpsAgent : httpAgent, signal, headers: { 'User-Agent': 'marathon' } });
      outgoing.on('response', ({ statusCode = 0, statusMessage = '' }) => {
        end(statusCode >= 200 && statusCode < 400 ? undefined : `${statusCode} ${statusMessage}`.trim());
      });
      outgoing.on('error', (error) => {
        end(error.message);
      });
      outgoing.end();
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  });
}

function probeTcp(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.host, port: target.port });
    const end = (result: ProbeResult) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(result);
    };
    const abort = () => {
      end('aborted');
    };
    const timer = setTimeout(() => {
      end(`no connection within ${target.timeoutMs / 1000} s`);
    }, target.timeoutMs);
    timer.unref();
    signal.addEventListener('abort', abort);
    socket.on('connect', () => {
      end(undefined);
    });
    socket.on('error', (error) => {
      end(error.message);
    });
  });
}
