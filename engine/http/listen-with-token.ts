import { randomBytes } from 'node:crypto';
import { listen, type Handler } from './http-server.ts';

interface TokenOptions {
  /** 0: one that is free. */
  readonly port: number;
  readonly log: (line: string) => void;
  readonly handlerFor: (token: string) => Handler;
}

const tokenBytes = 24;

/**
 * Serves on loopback, with a new token.
 * @returns the URL that has it behind `#`, which browsers send to nobody: for who may know it
 * @throws the system's error (`EADDRINUSE`, …) when the port cannot be had
 */
export async function listenWithToken({
  port,
  log,
  handlerFor,
}: TokenOptions): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const { url, close } = await listen({ host: '127.0.0.1', port, handler: handlerFor(token), log });
  return { url: `${url}/#token=${token}`, close };
}
