import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RegistryCredentials } from '../../protocol/registry-credentials.ts';
import type { Component, EngineWorld } from '../component.ts';
import { openServer } from '../http/http-server.ts';
import { answerRequest, type Gate } from './answer-request.ts';
import { StoredBytes } from './stored-bytes.ts';
import { hmacTokens } from './tokens.ts';

export interface RegistryGateOptions {
  readonly host: string;
  readonly port: number;
  /** The socket that the registry listens on. */
  readonly socketPath: string;
  /** Of what the registry stores; undefined: none. */
  readonly limitBytes: number | undefined;
}

export interface RegistryGateWorld extends EngineWorld {
  /** Who may push now; undefined when that cannot be read. */
  readonly credentials: () => RegistryCredentials | undefined;
  /** What the registry takes of its disk, in bytes. */
  readonly measure: () => Promise<number>;
  /** Random, for the tokens. */
  readonly key: Uint8Array;
  /** ms since 1970 */
  readonly now: () => number;
}

/**
 * Starts the gate of a registry: everybody may pull, who has the credentials may push and delete, up to a limit of what is
 * stored. As a client sends its credentials only where `/v2/` asks for them, and then gets a token for what it does, so
 * it is done here, with tokens for everybody (Distribution, docs/spec/auth/token.md).
 * @throws the system's error when the port cannot be had
 */
export async function startRegistryGate(options: RegistryGateOptions, world: RegistryGateWorld): Promise<Component> {
  const { host, port, socketPath, limitBytes = Infinity } = options;
  const stored = new StoredBytes(limitBytes, { measure: world.measure, clock: world.now });
  const gate: Gate = { ...world, socketPath, stored, tokens: hmacTokens(world.key, world.now) };
  // A layer of gigabytes takes its time.
  const server = createServer({ requestTimeout: 0, headersTimeout: 15_000, keepAliveTimeout: 20_000 });
  const serve = (message: IncomingMessage, response: ServerResponse) => {
    message.on('error', () => undefined);
    response.on('error', () => undefined);
    answerRequest(message, response, gate).catch((error: unknown) => {
      world.log(
        `${message.method ?? ''} ${message.url ?? ''}: ${error instanceof Error ? error.message : String(error)}`,
      );
      response.destroy();
    });
  };
  server.on('request', serve);
  // Whoever asks first whether a body is wanted is told so when it is.
  server.on('checkContinue', serve);
  const { url, close } = await openServer(server, { host, port, log: world.log });
  return { url, stop: close };
}
