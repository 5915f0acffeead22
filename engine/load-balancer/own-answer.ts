import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What HAProxy itself answers (its built-in error pages, in short). */
const pages = {
  401: ['Unauthorized', 'You need a valid user and password to access this content.'],
  403: ['Forbidden', 'Request forbidden by administrative rules.'],
  502: ['Bad Gateway', 'The server returned an invalid or incomplete response.'],
  503: ['Service Unavailable', 'No server is available to handle this request.'],
  504: ['Gateway Time-out', "The server didn't respond in time."],
} as const;

/** An answer that no task gives. */
export type OwnAnswer =
  | { readonly status: keyof typeof pages; readonly realm?: string }
  | { readonly status: 301; readonly location: string };

interface Written {
  readonly reason: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

function written(answer: OwnAnswer): Written {
  if (answer.status === 301) {
    return { reason: 'Moved Permanently', headers: { Location: answer.location, 'Content-Length': 0 }, body: '' };
  }
  const [reason, why] = pages[answer.status];
  const body = `<html><body><h1>${answer.status} ${reason}</h1>\n${why}\n</body></html>\n`;
  return {
    reason,
    headers: {
      'Content-Type': 'text/html',
      'Content-Length': body.length,
      'Cache-Control': 'no-cache',
      ...(answer.realm === undefined ? {} : { 'WWW-Authenticate': `Basic realm="${answer.realm}"` }),
      Connection: 'close',
    },
    body,
  };
}

/** Gives it, unless another answer has begun. */
export function answerOurselves(response: ServerResponse, answer: OwnAnswer): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { reason, headers, body } = written(answer);
  response.writeHead(answer.status, reason, headers);
  response.end(body);
}

/** Gives it to who asked for another protocol, and ends the connection. */
export function refuseUpgrade(client: Socket, answer: OwnAnswer): void {
  const { reason, headers, body } = written(answer);
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  client.end(`HTTP/1.1 ${answer.status} ${reason}\r\n${lines.join('')}\r\n${body}`);
}
