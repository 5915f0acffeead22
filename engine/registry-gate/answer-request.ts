import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryCredentials } from '../../protocol/registry-credentials.ts';
import { addressOf } from '../http/client-address.ts';
import {
  askedAt,
  challenge,
  noRegistry,
  noRoom,
  pushNeedsLogin,
  sendAnswer,
  unauthorized,
  type GateAnswer,
} from './gate-answers.ts';
import { isRegistryWell } from './is-registry-well.ts';
import type { Behind } from './ask-registry.ts';
import { passOn } from './pass-on.ts';
import { askedBy, type Asked } from './request-kind.ts';
import type { StoredBytes } from './stored-bytes.ts';
import { claimsFor, tokenSeconds, type Tokens } from './tokens.ts';
import { userWhoMay, whoAsks, type Asker } from './who-asks.ts';

/** What the gate knows. */
export interface Gate extends Behind {
  /** Who may push now; undefined when that cannot be read. */
  readonly credentials: () => RegistryCredentials | undefined;
  readonly tokens: Tokens;
  readonly stored: StoredBytes;
  /** ms since 1970 */
  readonly now: () => number;
}

const pathOf = ({ url = '/' }: IncomingMessage) => url.replace(/\?.*$/s, '');

/** Answers one request: by itself, or with what the registry says. */
export async function answerRequest(message: IncomingMessage, response: ServerResponse, gate: Gate): Promise<void> {
  const path = pathOf(message);
  const method = message.method ?? '';
  if (path === '/-/healthy') {
    const why = await isRegistryWell(gate.socketPath);
    if (why === undefined) response.end('The registry answers.\n');
    else sendAnswer(message, response, noRegistry(why));
    return;
  }
  if (path === '/' && method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(page(askedAt(message) ?? 'HOST:PORT'));
    return;
  }
  const asker = whoAsks(message.headers.authorization, gate.credentials, gate.tokens);
  if (asker.kind === 'refused') {
    refuse(message, response, asker, path, gate);
    return;
  }
  if (path === '/token') {
    giveToken(message, response, asker, gate);
    return;
  }
  const asked = askedBy(method, path);
  if (asked.kind === 'change') await change(message, response, { asker, asked }, gate);
  else if (asked.kind === 'unknown') sendAnswer(message, response, unknown(method, path));
  else if (asked.kind === 'base' && asker.kind === 'anybody')
    sendAnswer(message, response, unauthorized('to push, log in; to pull, get a token', challenge(message)));
  else await passOn(message, response, gate);
}

/** For a browser. */
const page = (host: string) => `The registry of a lab. Its API is at /v2/, what is in it at /v2/_catalog.

docker pull ${host}/NAME:TAG
docker login ${host}          # to push; user and password are in the lab's file secrets/registry
docker push ${host}/NAME:TAG
`;

const unknown = (method: string, path: string): GateAnswer =>
  path.startsWith('/v2/')
    ? { status: 400, code: 'UNSUPPORTED', message: `${method} of this is nothing that a registry knows` }
    : { status: 404, code: 'UNSUPPORTED', message: 'a registry has its API at /v2/' };

function refuse(
  message: IncomingMessage,
  response: ServerResponse,
  { why, isToken }: Asker & { kind: 'refused' },
  path: string,
  { log }: Gate,
): void {
  if (!isToken) log(`Refused ${addressOf(message.socket)}: ${why}`);
  const details: Readonly<Record<string, string>> = isToken ? { error: 'invalid_token' } : {};
  const asks = path === '/token' ? `Basic realm="${askedAt(message) ?? 'registry'}"` : challenge(message, details);
  sendAnswer(message, response, unauthorized(why, asks));
}

/** As the token specification has it; not by POST (OAuth 2), after which clients try this. */
function giveToken(message: IncomingMessage, response: ServerResponse, asker: Asker, { tokens, now }: Gate): void {
  if (message.method !== 'GET') {
    const headers = { Allow: 'GET' };
    sendAnswer(message, response, { status: 405, code: 'UNSUPPORTED', message: 'tokens are got by GET', headers });
    return;
  }
  const scopes = new URL(message.url ?? '', 'http://gate').searchParams.getAll('scope');
  const token = tokens.give(claimsFor(scopes, asker.kind === 'user' ? asker.user : undefined));
  const issued = new Date(now()).toISOString();
  const body = JSON.stringify({ token, access_token: token, expires_in: tokenSeconds, issued_at: issued });
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${body}\n`);
}

type Change = Asked & { readonly kind: 'change' };

async function change(
  message: IncomingMessage,
  response: ServerResponse,
  { asker, asked }: { readonly asker: Asker; readonly asked: Change },
  gate: Gate,
): Promise<void> {
  const { action, repository, what } = asked;
  const { stored, log } = gate;
  const user = userWhoMay(asker, action, repository);
  const from = addressOf(message.socket);
  if (user === undefined) {
    log(`Refused ${from} to ${action} ${repository}: it has not logged in`);
    sendAnswer(message, response, pushNeedsLogin(message, repository, action));
    return;
  }
  const length = Math.max(1, Number(message.headers['content-length'] ?? 0));
  if (message.method !== 'DELETE' && !(await stored.hasRoom(length))) {
    const full = noRoom(stored, length);
    log(`Refused ${user} to push ${repository}: ${full.message}`);
    sendAnswer(message, response, full);
    return;
  }
  if (message.headers.expect !== undefined) response.writeContinue();
  const passed = await passOn(message, response, gate, message.method === 'DELETE' ? undefined : stored);
  if ('failure' in passed) log(`Broke off what ${user} pushed to ${repository}: ${passed.failure}`);
  else if (what === 'manifests' && passed.status >= 200 && passed.status <= 299)
    log(`${user} ${recordOf(asked, passed.digest)}, from ${from}`);
}

/** An image is pushed, or deleted, with its manifest. */
function recordOf({ action, repository, reference }: Change, digest: string | undefined): string {
  const name = reference.includes(':') ? `${repository}@${reference}` : `${repository}:${reference}`;
  if (action === 'delete') return `deleted ${name}`;
  return `pushed ${name}${digest === undefined || reference === digest ? '' : ` (${digest})`}`;
}
