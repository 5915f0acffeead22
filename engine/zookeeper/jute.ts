/*
 * Jute, the encoding of ZooKeeper's messages: big-endian numbers; strings and buffers after their length, -1 for none;
 * lists after their count (zookeeper-jute, BinaryOutputArchive and BinaryInputArchive).
 */

/** Appends values to a growing buffer. */
export class JuteWriter {
  #buffer: Buffer = Buffer.allocUnsafe(256);
  #length = 0;

  bool(value: boolean): this {
    this.#reserve(1);
    this.#buffer.writeUInt8(value ? 1 : 0, this.#length);
    this.#length += 1;
    return this;
  }

  int(value: number): this {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
    return this;
  }

  long(value: bigint): this {
    this.#reserve(8);
    this.#length = this.#buffer.writeBigInt64BE(value, this.#length);
    return this;
  }

  buffer(value: Uint8Array): this {
    return this.int(value.byteLength).bytes(value);
  }

  string(value: string): this {
    return this.buffer(Buffer.from(value, 'utf8'));
  }

  /** As they are, without a length. */
  bytes(value: Uint8Array): this {
    this.#reserve(value.byteLength);
    this.#buffer.set(value, this.#length);
    this.#length += value.byteLength;
    return this;
  }

  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** Takes values from the front of a message. @throws RangeError when the message is too short for them */
export class JuteReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#buffer.length;
  }

  bool(): boolean {
    return this.#take(1).readUInt8() !== 0;
  }

  int(): number {
    return this.#take(4).readInt32BE();
  }

  long(): bigint {
    return this.#take(8).readBigInt64BE();
  }

  /** A copy, so that what is kept does not keep a whole packet. No buffer at all is an empty one. */
  buffer(): Buffer {
    return Buffer.from(this.#take(Math.max(0, this.int())));
  }

  string(): string {
    return this.#take(Math.max(0, this.int())).toString('utf8');
  }

  list<Item>(read: () => Item): readonly Item[] {
    const count = Math.max(0, this.int());
    // Each item takes at least a byte, so a count that cannot be is found before memory is taken for it.
    if (count > this.#buffer.length - this.#offset) throw new RangeError('The list is longer than the message');
    return Array.from({ length: count }, read);
  }

  #take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#buffer.length) throw new RangeError('The message is too short');
    const part = this.#buffer.subarray(this.#offset, end);
    this.#offset = end;
    return part;
  }
}
