import { connect, type Socket } from 'node:net';
import { readAnswer } from './read-answer.ts';

interface Call {
  readonly text: string;
  readonly resolve: (isTaken: boolean) => void;
  /** Not after it was sent again because a connection broke before it was answered. */
  readonly mayRepeat: boolean;
}

interface PipelineOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For the next answer. */
  readonly timeoutMs: number;
  readonly log: (line: string) => void;
  /** Calls did not arrive, or nobody knows whether they did. */
  readonly onLost: () => void;
}

/** Sooner than a master ends a connection that nobody uses: it would not read what is sent at that moment. */
const idleMs = 2000;
/**
 * How much may be on its way: what one turn of the master's event loop reads. It would take all that is there at once,
 * and answer nobody else meanwhile.
 */
const maxUnansweredChars = 64 * 1024;

/**
 * Calls on one connection, made without waiting for the answers of those before: they come in the
 * order of the calls (RFC 9112, 9.3.2; HttpProxy in process.cpp of libprocess). All calls of one turn of the event loop
 * are one write. What is not answered when the connection breaks is sent once more, in the same order, if it may be.
 */
export class PipelinedCalls {
  readonly #options: PipelineOptions;
  #socket: Socket | undefined;
  #unanswered: Call[] = [];
  #unansweredChars = 0;
  /** Not sent yet, each with those before it; removed are those that are. */
  readonly #waiting = new Set<Call>();
  /** What has come of answers that are not complete. */
  #received = '';
  #isStopped = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /**
   * Resolves to false, after saying why, when the call is refused or does not arrive.
   * @param mayRepeat whether the call may arrive twice
   */
  post(body: string, mayRepeat = true): Promise<boolean> {
    return new Promise((resolve) => {
      const { url, headers } = this.#options;
      const fields = { Host: url.host, 'Content-Type': 'application/json', ...headers };
      const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
      const length = Buffer.byteLength(body);
      this.#send({
        text: `POST ${url.pathname} HTTP/1.1\r\n${lines.join('')}Content-Length: ${length}\r\n\r\n${body}`,
        resolve,
        mayRepeat,
      });
    });
  }

  /** What is not answered yet counts as not taken. */
  stop(): void {
    this.#isStopped = true;
    this.#socket?.destroy();
  }

  #send(call: Call): void {
    if (this.#isStopped) {
      call.resolve(false);
      return;
    }
    this.#waiting.add(call);
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    for (const call of this.#waiting) {
      if (this.#unansweredChars >= maxUnansweredChars) return;
      this.#waiting.delete(call);
      const socket = (this.#socket ??= this.#connect());
      this.#unanswered.push(call);
      this.#unansweredChars += call.text.length;
      socket.setTimeout(this.#options.timeoutMs);
      if (socket.writableCorked === 0) {
        socket.cork();
        setImmediate(() => {
          socket.uncork();
        });
      }
      socket.write(call.text);
    }
  }

  #connect(): Socket {
    const { url, timeoutMs } = this.#options;
    const socket = connect(Number(url.port || 80), url.hostname.replace(/^\[|\]$/g, ''));
    let reason = 'the master ended the connection';
    socket.setEncoding('latin1').setNoDelay();
    socket.on('timeout', () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.on('data', (text: string) => {
      this.#received += text;
      try {
        this.#readAnswers();
        this.#sendWaiting();
        if (this.#unanswered.length === 0) socket.setTimeout(idleMs);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
    socket.on('error', (error) => (reason = error.message));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      this.#broken(reason);
    });
    return socket;
  }

  /** @throws when they are not what a master sends */
  #readAnswers(): void {
    for (let answer = readAnswer(this.#received); answer !== undefined; answer = readAnswer(this.#received)) {
      const call = this.#unanswered.shift();
      if (call === undefined) throw new Error('an answer to nothing');
      this.#unansweredChars -= call.text.length;
      this.#received = this.#received.slice(answer.length);
      const isTaken = answer.status === 202 || answer.status === 200;
      if (!isTaken) this.#options.log(`master refused a call: ${answer.status} ${answer.body}`);
      call.resolve(isTaken);
    }
  }

  #broken(reason: string): void {
    const unanswered = this.#unanswered;
    const waiting = [...this.#waiting];
    this.#unanswered = [];
    this.#unansweredChars = 0;
    this.#waiting.clear();
    this.#received = '';
    this.#socket = undefined;
    if (this.#isStopped) {
      for (const { resolve } of [...unanswered, ...waiting]) resolve(false);
      return;
    }
    const lost = unanswered.filter(({ mayRepeat }) => !mayRepeat);
    if (lost.length > 0) this.#options.log(`${lost.length} calls did not reach the master: ${reason}`);
    for (const { resolve } of lost) resolve(false);
    if (lost.length > 0) this.#options.onLost();
    for (const call of unanswered) if (call.mayRepeat) this.#waiting.add({ ...call, mayRepeat: false });
    for (const call of waiting) this.#waiting.add(call);
    this.#sendWaiting();
  }
}
