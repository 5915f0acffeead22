import type { PipedProcess } from '../../../platform/processes/piped-process.ts';
import { HttpError } from '../../http/http-answer.ts';
import type { EventStream } from '../../master/records.ts';
import { refuseProcessIo, type ProcessIo } from './process-io.ts';

export interface SwitchboardOptions {
  readonly process: PipedProcess;
  /** What it says waits until somebody listens. */
  readonly waitsForListener: boolean;
  /** Between two signs of life to those who listen. */
  readonly heartbeatMs: number;
}

/** How long one who writes hears nothing once there is nobody to read it. */
const inputLingerMs = 1000;

/**
 * What connects clients with the streams of a process (src/slave/containerizer/mesos/io/switchboard.cpp): any number
 * listens, each at the pace of the slowest, and one writes.
 */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #listeners = new Set<EventStream<object>>();
  readonly #heartbeat: NodeJS.Timeout;
  #isWritten = false;
  #begin: () => void = () => undefined;
  /** Resolves when all output is with the listeners. */
  readonly finished: Promise<void>;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    const { process, waitsForListener, heartbeatMs } = options;
    const begun = new Promise<void>((resolve) => {
      this.#begin = resolve;
      if (!waitsForListener) resolve();
    });
    const interval = { nanoseconds: heartbeatMs * 1e6 };
    this.#heartbeat = setInterval(() => {
      this.#tell({ type: 'CONTROL', control: { type: 'HEARTBEAT', heartbeat: { interval } } });
    }, heartbeatMs).unref();
    this.finished = begun.then(async () => {
      await Promise.all([this.#pass(process.stdout, 'STDOUT'), this.#pass(process.stderr, 'STDERR')]);
      this.close();
    });
  }

  /** @returns what to do when the listener has gone */
  listen(stream: EventStream<object>): () => void {
    this.#listeners.add(stream);
    this.#begin();
    return () => {
      this.#listeners.delete(stream);
    };
  }

  /**
   * Takes what a client writes, until it stops or nobody reads it any more.
   * @throws HttpError as a switchboard answers
   */
  async write(messages: AsyncIterator<ProcessIo>): Promise<void> {
    if (this.#isWritten) throw new HttpError(409, 'Multiple input connections are not allowed');
    this.#isWritten = true;
    try {
      await Promise.race([this.#takeAll(messages), this.#inputIsOver()]);
    } finally {
      this.#isWritten = false;
    }
  }

  /** Ends all streams; nothing more is passed on. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const stream of this.#listeners) stream.close();
    this.#listeners.clear();
    this.#options.process.letGo();
    this.#begin();
  }

  async #takeAll(messages: AsyncIterator<ProcessIo>): Promise<void> {
    for (;;) {
      const next = await messages.next();
      if (next.done === true) return;
      const problem = refuseProcessIo(next.value);
      if (problem !== undefined) throw new HttpError(400, problem);
      await this.#take(next.value);
    }
  }

  async #take({ data, control }: ProcessIo): Promise<void> {
    const { process } = this.#options;
    if (control?.type === 'TTY_INFO' && control.tty_info?.window_size !== undefined) {
      if (process.resize === undefined) {
        throw new HttpError(400, 'Unable to set the window size: Inappropriate ioctl for device');
      }
      await process.resize(control.tty_info.window_size).catch((error: unknown) => {
        throw new HttpError(400, `Unable to set the window size: ${messageOf(error)}`);
      });
    }
    if (data === undefined) return;
    const bytes = Buffer.from(data.data ?? '', 'base64');
    if (bytes.length === 0) {
      process.closeInput();
      return;
    }
    await process.write(bytes).catch((error: unknown) => {
      throw new HttpError(500, `Failed writing to stdin: ${messageOf(error)}`);
    });
  }

  async #inputIsOver(): Promise<void> {
    await this.finished;
    await new Promise((resolve) => setTimeout(resolve, inputLingerMs).unref());
  }

  async #pass(parts: AsyncIterable<Uint8Array>, type: 'STDOUT' | 'STDERR'): Promise<void> {
    for await (const part of parts) {
      this.#tell({ type: 'DATA', data: { type, data: Buffer.from(part).toString('base64') } });
      await Promise.all([...this.#listeners].map((stream) => stream.drained()));
    }
  }

  #tell(message: object): void {
    for (const stream of this.#listeners) stream.send(message);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
