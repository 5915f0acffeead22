export interface PipelinedAnswer {
  readonly status: number;
  readonly body: string;
  /** Characters of all of it: the next answer begins there. */
  readonly length: number;
}

const firstLine = /^HTTP\/1\.1 (\d{3})[ \r]/;

/**
 * The first of answers that come one after the other, each character a byte.
 * @returns undefined when it is not complete
 * @throws when it is none, or does not say where it ends
 */
export function readAnswer(received: string): PipelinedAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.slice(0, end + 2);
  const status = Number(firstLine.exec(head)?.[1]);
  const start = end + 4;
  if (/\r\nTransfer-Encoding: *chunked\r\n/i.test(head)) return readChunks(status, received, start);
  const size = /\r\nContent-Length: *(\d+)\r\n/i.exec(head)?.[1];
  if (Number.isNaN(status) || size === undefined) throw new Error('an answer that cannot be read');
  const length = start + Number(size);
  return received.length < length ? undefined : { status, body: received.slice(start, length), length };
}

function readChunks(status: number, received: string, start: number): PipelinedAnswer | undefined {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = parseInt(received.slice(at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('an answer that cannot be read');
    const next = lineEnd + 2 + size + 2;
    if (received.length < next) return undefined;
    if (size === 0) return { status, body, length: next };
    body += received.slice(lineEnd + 2, next - 2);
    at = next;
  }
}
