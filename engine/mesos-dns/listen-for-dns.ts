import type { DnsServer, DnsServerOptions } from './dns-server.ts';
import { listenOnTcp } from './tcp-server.ts';
import { listenOnUdp } from './udp-server.ts';

/** A port that is free for one protocol may be taken for the other. */
const attempts = 20;

/** Serves one port by UDP and TCP. @throws the system's error when the port cannot be had */
export async function listenForDns(options: DnsServerOptions): Promise<DnsServer> {
  for (let attempt = 1; ; attempt++) {
    const tcp = await listenOnTcp(options);
    try {
      const udp = await listenOnUdp({ ...options, port: tcp.port });
      const close = async () => {
        await Promise.all([udp.close(), tcp.close()]);
      };
      return { port: tcp.port, close };
    } catch (error) {
      await tcp.close();
      if (options.port !== 0 || attempt === attempts) throw error;
    }
  }
}
