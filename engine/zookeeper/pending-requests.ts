import type { JuteReader } from './jute.ts';
import type { Request } from './messages.ts';
import { errorOf, type ZookeeperError } from './zookeeper-error.ts';

interface Pending {
  readonly xid: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly take: (reader: JuteReader, error: number) => void;
  readonly fail: (error: ZookeeperError) => void;
}

const maxXid = 2 ** 31 - 1;

/** Requests of one connection that wait for their answers, which come in the same order. */
export class PendingRequests {
  readonly #waiting: Pending[] = [];
  #xid = 0;

  /** When the oldest of them was sent. */
  get oldestAt(): number | undefined {
    return this.#waiting[0]?.sentAt;
  }

  /** @param onAnswer called with the error or 0 before anything else that the server says is heard */
  add<Answer>(
    request: Request<Answer>,
    onAnswer: (error: number) => void,
  ): { readonly xid: number; readonly answer: Promise<Answer> } {
    this.#xid = this.#xid >= maxXid ? 1 : this.#xid + 1;
    const xid = this.#xid;
    const answer = new Promise<Answer>((resolve, reject) => {
      const take = (reader: JuteReader, error: number) => {
        onAnswer(error);
        if (error !== 0) {
          reject(errorOf(error, request.what));
          return;
        }
        try {
          resolve(request.read(reader));
        } catch (cause) {
          reject(cause instanceof Error ? cause : new Error(String(cause)));
        }
      };
      this.#waiting.push({ xid, sentAt: Date.now(), take, fail: reject });
    });
    return { xid, answer };
  }

  /** @returns when the request was sent. @throws Error when it is not the one whose turn it is; then it waits on */
  take(xid: number, error: number, reader: JuteReader): number {
    const [pending] = this.#waiting;
    if (pending?.xid !== xid) throw new Error(`an answer to request ${xid}, not ${pending?.xid ?? 0}`);
    this.#waiting.shift();
    pending.take(reader, error);
    return pending.sentAt;
  }

  failAll(error: ZookeeperError): void {
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}
