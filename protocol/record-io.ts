/*
 * RecordIO, the framing of Mesos's event streams: the length of a record in bytes as decimal digits, a line feed, the
 * record (docs/recordio.md of Apache Mesos; 3rdparty/stout's and libprocess's recordio.hpp).
 */

/** A stream that is not RecordIO, or that has a record larger than the bound: it cannot be read any further. */
class RecordIoError extends Error {
  override readonly name = 'RecordIoError';
}

const lineFeed = 10;
const digitZero = 48;
const digitNine = 57;

/** A record ready to be sent. */
export function encodeRecord(text: string): string {
  return `${Buffer.byteLength(text)}\n${text}`;
}

/** A record of bytes, as protobuf is, ready to be sent. */
export function encodeByteRecord(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
}

/** Takes a stream apart, however its bytes are cut into chunks. */
export class RecordIoDecoder {
  readonly #maxRecordBytes: number;
  readonly #text = new TextDecoder();
  /** Digits of a length that has not ended. */
  #length = '';
  /** Bytes that the current record still lacks; undefined while its length is read. */
  #missing: number | undefined;
  #parts: Uint8Array[] = [];

  /** @param maxRecordBytes the largest record that is taken; its bytes are held until it is complete */
  constructor(maxRecordBytes = 64 * 1024 * 1024) {
    this.#maxRecordBytes = maxRecordBytes;
  }

  /**
   * Takes the next bytes of the stream and returns the records that they complete.
   * @throws RecordIoError after which the stream must be given up
   */
  push(bytes: Uint8Array): readonly string[] {
    return this.pushBytes(bytes).map((record) => this.#text.decode(record));
  }

  /** As push, for records that are not text. @throws RecordIoError */
  pushBytes(bytes: Uint8Array): readonly Uint8Array[] {
    const records: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length || this.#missing === 0) {
      if (this.#missing === undefined) {
        at = this.#readLength(bytes, at);
        continue;
      }
      const part = bytes.subarray(at, at + this.#missing);
      at += part.length;
      this.#missing -= part.length;
      if (part.length > 0) this.#parts.push(part);
      if (this.#missing === 0) records.push(this.#takeRecord());
    }
    // What is kept must not change when the caller uses its buffer again.
    if (this.#parts.length > 0) this.#parts.push(Uint8Array.from(this.#parts.pop() ?? []));
    return records;
  }

  /** Reads digits up to the line feed; returns where the next unread byte is. */
  #readLength(bytes: Uint8Array, start: number): number {
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === lineFeed && this.#length !== '') {
        this.#missing = Number(this.#length);
        this.#length = '';
        if (this.#missing > this.#maxRecordBytes) {
          throw new RecordIoError(`A record of ${this.#missing} bytes is larger than ${this.#maxRecordBytes}`);
        }
        return at + 1;
      }
      if (byte < digitZero || byte > digitNine || this.#length.length >= 15) {
        throw new RecordIoError(`Not the length of a record: byte ${byte} after '${this.#length}'`);
      }
      this.#length += String.fromCharCode(byte);
    }
    return bytes.length;
  }

  #takeRecord(): Uint8Array {
    const parts = this.#parts;
    this.#parts = [];
    this.#missing = undefined;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }
}
