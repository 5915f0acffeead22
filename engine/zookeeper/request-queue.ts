import type { Connection } from './connection.ts';
import type { Request } from './messages.ts';
import { ZookeeperError, type ZookeeperErrorCode } from './zookeeper-error.ts';

interface Waiting {
  readonly request: Request<unknown>;
  readonly sendOn: (connection: Connection) => void;
  readonly fail: (error: ZookeeperError) => void;
  readonly timer: NodeJS.Timeout;
}

const maxWaiting = 1000;
const maxWaitingBytes = 16 * 1024 * 1024;

/** Requests that were made while no server answered; they wait for one, but not for ever. */
export class RequestQueue {
  readonly #patienceMs: number;
  readonly #waiting = new Set<Waiting>();
  #bytes = 0;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  add<Answer>(request: Request<Answer>, onAnswer?: (error: number) => void): Promise<Answer> {
    const size = request.payload.byteLength;
    if (this.#waiting.size >= maxWaiting || this.#bytes + size > maxWaitingBytes) {
      const message = `${request.what}: too many requests wait for a connection to ZooKeeper`;
      return Promise.reject(new ZookeeperError('ConnectionLoss', message));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#drop(entry);
        const seconds = this.#patienceMs / 1000;
        reject(new ZookeeperError('ConnectionLoss', `${request.what}: no ZooKeeper server within ${seconds} s`));
      }, this.#patienceMs);
      const entry: Waiting = {
        request,
        timer,
        fail: reject,
        sendOn: (connection) => {
          connection.send(request, onAnswer).then(resolve, reject);
        },
      };
      this.#waiting.add(entry);
      this.#bytes += size;
    });
  }

  /** In the order in which they were made. */
  sendAll(connection: Connection): void {
    for (const entry of [...this.#waiting]) {
      this.#drop(entry);
      entry.sendOn(connection);
    }
  }

  failAll(code: ZookeeperErrorCode, why: string): void {
    for (const entry of [...this.#waiting]) {
      this.#drop(entry);
      entry.fail(new ZookeeperError(code, `${entry.request.what}: ${why}`));
    }
  }

  #drop(entry: Waiting): void {
    clearTimeout(entry.timer);
    this.#waiting.delete(entry);
    this.#bytes -= entry.request.payload.byteLength;
  }
}
