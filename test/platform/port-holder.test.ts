import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findPortHolder } from '../../platform/network/port-holder.ts';
import { tryPort } from '../../platform/network/try-port.ts';

async function listen(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  onTestFinished(() => {
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a port', () => {
  it('that is taken has a holder', async () => {
    const port = await listen('127.0.0.1');
    expect(findPortHolder(port)).toMatchObject({ pid: process.pid, command: expect.stringMatching(/\S/) });
    expect(await tryPort('127.0.0.1', port)).toBe('EADDRINUSE');
  });

  it('that is free has none, and can be tried again and again', async () => {
    const port = await listen('127.0.0.1');
    expect(await tryPort('127.0.0.1', 0)).toBeUndefined();
    expect(findPortHolder(1)).toBeUndefined();
    expect(port).toBeGreaterThan(0);
  });

  it('of an address that is not of this machine cannot be had', async () => {
    expect(await tryPort('192.0.2.1', 0)).toBe('EADDRNOTAVAIL');
  });
});
