import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { HttpResponse } from '../../../protocol/marathon.ts';
import { hostInUrl } from '../../../protocol/host-in-url.ts';

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
  return exchange<ProbeResult>(target, signal, {
    onResponse: ({ statusCode = 0, statusMessage = '' }, end) => {
      end(statusCode >= 200 && statusCode < 400 ? undefined : `${statusCode} ${statusMessage}`.trim());
    },
    onFailure: (reason) => reason,
  });
}

const urlOf = ({ protocol, host, port, path }: ProbeTarget) =>
  `${protocol === 'HTTPS' ? 'https' : 'http'}://${hostInUrl(host)}:${port}${path.startsWith('/') ? '' : '/'}${path}`;

/** More of a body is not of interest. */
const maxBodyBytes = 65_536;

/**
 * Asks a task whether it is ready (ReadinessCheckExecutorImpl.scala of Marathon): what it says, as text; 504 with the
 * reason when it says nothing. Never rejects.
 */
export function ask(target: ProbeTarget, signal: AbortSignal): Promise<HttpResponse> {
  return exchange<HttpResponse>(target, signal, {
    onResponse: (incoming, end) => {
      const { statusCode: status = 0, headers } = incoming;
      const [contentType = ''] = (headers['content-type'] ?? '').split(';');
      let body = '';
      const done = () => {
        end({ status, contentType, body });
      };
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        body = (body + chunk).slice(0, maxBodyBytes);
        if (body.length === maxBodyBytes) done();
      });
      incoming.on('end', done);
    },
    onFailure: (reason) => ({
      ...{ status: 504, contentType: 'text/plain' },
      body: `Marathon could not query ${urlOf(target)}: ${reason}`,
    }),
  });
}

interface Reader<Result> {
  readonly onResponse: (incoming: IncomingMessage, end: (result: Result) => void) => void;
  readonly onFailure: (reason: string) => Result;
}

function exchange<Result>(
  target: ProbeTarget,
  signal: AbortSignal,
  { onResponse, onFailure }: Reader<Result>,
): Promise<Result> {
  return new Promise((resolve) => {
    const isHttps = target.protocol === 'HTTPS';
    const end = (result: Result) => {
      clearTimeout(timer);
      resolve(result);
      outgoing?.destroy();
    };
    const fail = (error: unknown) => {
      end(onFailure(error instanceof Error ? error.message : String(error)));
    };
    const timer = setTimeout(() => {
      fail(`no answer within ${target.timeoutMs / 1000} s`);
    }, target.timeoutMs);
    timer.unref();
    let outgoing: ReturnType<typeof httpRequest> | undefined;
    try {
      const send = isHttps ? httpsRequest : httpRequest;
      const agent = isHttps ? httpsAgent : httpAgent;
      outgoing = send(new URL(urlOf(target)), { agent, signal, headers: { 'User-Agent': 'marathon' } });
      outgoing.on('response', (incoming) => {
        incoming.on('error', fail);
        onResponse(incoming, end);
      });
      outgoing.on('error', fail);
      outgoing.end();
    } catch (error) {
      fail(error);
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
