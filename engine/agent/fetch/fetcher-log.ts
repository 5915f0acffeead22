import type { Sandboxes } from '../../../platform/files/sandboxes.ts';

type Severity = 'I' | 'W' | 'E';

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** The log of mesos-fetcher: it goes to the sandbox's stderr, as glog writes it (src/launcher/fetcher.cpp). */
export class FetcherLog {
  readonly #sandboxes: Sandboxes;
  readonly #file: string;
  readonly #threadId: number;

  constructor(sandboxes: Sandboxes, sandbox: string, threadId: number) {
    this.#sandboxes = sandboxes;
    this.#file = `${sandbox}/stderr`;
    this.#threadId = threadId;
  }

  /** @param line of Mesos's source */
  info(line: number, text: string): Promise<void> {
    return this.#write('I', line, text);
  }

  warning(line: number, text: string): Promise<void> {
    return this.#write('W', line, text);
  }

  error(line: number, text: string): Promise<void> {
    return this.#write('E', line, text);
  }

  /** What a program says that the fetcher runs. */
  plain(text: string): Promise<void> {
    return this.#sandboxes.append(this.#file, `${text}\n`);
  }

  #write(severity: Severity, line: number, text: string): Promise<void> {
    const now = new Date();
    const day = `${pad(now.getMonth() + 1)}${pad(now.getDate())}`;
    const time = `${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`;
    const thread = String(this.#threadId).padStart(5);
    const place = `fetcher.cpp:${line}`;
    return this.plain(`${severity}${day} ${time}.${pad(now.getMilliseconds(), 3)}000 ${thread} ${place}] ${text}`);
  }
}
