import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Life } from '../lives/life.ts';
import { refuseForeign } from './guards.ts';
import { HttpError, textAnswer, type HttpAnswer, type StreamAnswer } from './http-answer.ts';
import { toHttpRequest, type HttpRequest } from './http-request.ts';
import { toSink } from './response-sink.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';

export type Handler = (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer;

export interface ListenOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly handler: Handler;
  readonly log: (line: string) => void;
  /** Other names by which clients may call this server (the Host header); loopback and `host` always may. */
  readonly names?: readonly string[];
  /** Default 4 MiB. */
  readonly maxBodyBytes?: number;
  /** What an error looks like in this component's API. Default: the message as plain text. */
  readonly errorAnswer?: (error: HttpError) => HttpAnswer;
}

export interface HttpServer {
  /** `http://127.0.0.1:5050`, without a final slash. */
  readonly url: string;
  readonly port: number;
  /** Ends all connections and frees the port; safe to call twice. */
  readonly close: () => Promise<void>;
}

const megabyte = 1024 * 1024;

/**
 * Serves HTTP/1.1 on one address. What a foreign web page could send is refused with 403 before the handler sees it.
 * @throws the system's error (`EADDRINUSE`, `EACCES`, …) when the port cannot be had
 */
export async function listen(options: ListenOptions): Promise<HttpServer> {
  const server = createServer({
    // A request may be a stream that goes on; others have a time for their body (http-request.ts).
    requestTimeout: 0,
    headersTimeout: 15_000,
    keepAliveTimeout: 20_000,
    // Node's own refusal of HTTP/1.1 without Host; libprocess answers that, too.
    requireHostHeader: false,
  });
  server.on('request', (message, response) => {
    answer(message, response, options).catch((error: unknown) => {
      options.log(`${message.method ?? ''} ${message.url ?? ''}: ${describe(error)}`);
      response.destroy();
    });
  });
  return openServer(server, options);
}

/**
 * Has a server listen on one address, for as long as the component lives.
 * @throws the system's error when the port cannot be had
 */
export async function openServer(
  server: Server,
  { host, port: wanted, log }: Pick<ListenOptions, 'host' | 'port' | 'log'>,
): Promise<HttpServer> {
  Life.current()?.own(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error) => {
    log(`HTTP server: ${error.message}`);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${hostInUrl(host)}:${port}`,
    port,
    close: () =>
      (closing ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      })),
  };
}

async function answer(message: IncomingMessage, response: ServerResponse, options: ListenOptions): Promise<void> {
  // A client that goes away is no error of ours.
  response.on('error', () => undefined);
  message.on('error', () => undefined);
  const result = await handle(message, response, options);
  if ('stream' in result) sendStream(result, response, options.log);
  else send(result, message, response);
}

async function handle(message: IncomingMessage, response: ServerResponse, options: ListenOptions): Promise<HttpAnswer> {
  const errorAnswer = options.errorAnswer ?? ((error) => textAnswer(error.status, error.message, error.headers));
  const { host, origin } = message.headers;
  const refusal = refuseForeign({ host, origin }, options.host, options.names ?? []);
  if (refusal !== undefined) return errorAnswer(new HttpError(refusal.status, refusal.message));
  try {
    return await options.handler(toHttpRequest(message, response, options.maxBodyBytes ?? 4 * megabyte));
  } catch (error) {
    if (error instanceof HttpError) return errorAnswer(error);
    if (message.destroyed && !message.complete) return textAnswer(400, 'The request broke off');
    options.log(`${message.method ?? ''} ${message.url ?? ''}: ${describe(error)}`);
    return errorAnswer(new HttpError(500, 'Internal server error'));
  }
}

function send(result: Exclude<HttpAnswer, StreamAnswer>, message: IncomingMessage, response: ServerResponse): void {
  if (response.destroyed) return;
  const body = result.body ?? '';
  response.statusCode = result.status;
  if (body.length > 0) response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, value);
  response.setHeader('Content-Length', typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
  // A body that nobody will read must not keep the connection busy.
  if (!message.complete) {
    response.setHeader('Connection', 'close');
    message.resume();
  }
  response.end(body);
}

function sendStream(result: StreamAnswer, response: ServerResponse, log: (line: string) => void): void {
  const { sink, isClosed } = toSink(response, result.maxBufferedBytes ?? 8 * megabyte);
  if (!isClosed()) {
    response.writeHead(result.status, result.headers);
    response.flushHeaders();
  }
  try {
    result.stream(sink);
  } catch (error) {
    log(`event stream: ${describe(error)}`);
    response.destroy();
  }
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
