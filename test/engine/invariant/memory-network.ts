import { AsyncResource } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { Agent, Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net, { type Socket } from 'node:net';
import { Life } from '../../../engine/lives/life.ts';
import { MemorySocket } from './memory-socket.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Listening {
  readonly accept: (client: MemorySocket) => void;
}

type Connect = (to: { readonly host?: string | null; readonly port?: number | string | null }) => MemorySocket;

/** Where clients of Node's HTTP find its servers without the system, at any address. */
export class MemoryNetwork {
  readonly #time: VirtualTime;
  readonly #listening = new Map<string, Listening>();
  readonly #restore: () => void;

  constructor(time: VirtualTime) {
    this.#time = time;
    const { listen } = Server.prototype;
    const { createConnection } = Agent.prototype;
    const { connect } = net;
    this.#restore = () => {
      Server.prototype.listen = listen;
      Agent.prototype.createConnection = createConnection;
      net.connect = connect;
      syncBuiltinESMExports();
    };
    const own = this.#listen.bind(this);
    Object.assign(Server.prototype, {
      listen(this: Server, port: number, host: string, listener: () => void) {
        return own(this, port, host, listener);
      },
    });
    const connectTo: Connect = (to) => this.#connect(to);
    Object.assign(Agent.prototype, { createConnection: connectTo });
    Object.assign(net, { connect: (port: number, host: string) => connectTo({ port, host }) });
    syncBuiltinESMExports();
  }

  end(): void {
    this.#restore();
  }

  #listen(server: Server, port: number, host: string, listener: () => void): Server {
    const name = `${host}:${port}`;
    if (this.#listening.has(name)) {
      const error = Object.assign(new Error(`listen EADDRINUSE: address already in use ${name}`), {
        code: 'EADDRINUSE',
      });
      process.nextTick(() => server.emit('error', error));
      return server;
    }
    const sockets = new Set<MemorySocket>();
    const context = new AsyncResource('MemoryServer');
    const accept = (client: MemorySocket) => {
      const socket = new MemorySocket(this.#time, host, true);
      MemorySocket.connect(client, socket);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      channel('net.server.socket').publish({ socket });
      server.emit('connection', socket);
    };
    this.#listening.set(name, {
      accept: (client) => {
        context.runInAsyncScope(accept, undefined, client);
      },
    });
    const close = () => {
      this.#listening.delete(name);
    };
    Object.assign(server, {
      _handle: { close },
      address: () => ({ address: host, port, family: 'IPv4' }),
      // Node.js closes them in the order of their addresses in memory, which is another one each time.
      closeAllConnections: () => {
        for (const socket of [...sockets]) socket.destroy();
      },
      closeIdleConnections: () => undefined,
    });
    server.once('listening', listener);
    process.nextTick(() => server.emit('listening'));
    return server;
  }

  #connect({ host, port }: Parameters<Connect>[0]): MemorySocket {
    const socket = new MemorySocket(this.#time, host ?? '', false);
    const context = new AsyncResource('MemoryClient');
    const connect = () => {
      socket.connecting = true;
      this.#time.after(1 + this.#time.random() * 4, () => {
        context.runInAsyncScope(() => {
          this.#arrive(socket, `${host ?? ''}:${port ?? ''}`);
        });
      });
    };
    const life = Life.current();
    // To a life it is a socket as all are.
    const asSocket: unknown = socket;
    if (life === undefined) connect();
    else life.connects(asSocket as Socket, { host: host ?? '', port: Number(port) }, connect);
    return socket;
  }

  #arrive(socket: MemorySocket, name: string): void {
    if (socket.destroyed) return;
    const there = this.#listening.get(name);
    socket.connecting = false;
    if (there === undefined) {
      socket.destroy(Object.assign(new Error(`connect ECONNREFUSED ${name}`), { code: 'ECONNREFUSED' }));
      return;
    }
    there.accept(socket);
    socket.emit('connect');
    socket.emit('ready');
  }
}
