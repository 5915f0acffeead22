/** A message behind its length, as both sides send it. */
export function toPacket(...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const packet = Buffer.allocUnsafe(4 + length);
  let offset = packet.writeInt32BE(length);
  for (const part of parts) {
    packet.set(part, offset);
    offset += part.byteLength;
  }
  return packet;
}

/** Cuts a stream of bytes into messages. */
export class PacketDecoder {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;

  /** @param maxBytes of a message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The messages that are complete with these bytes. @throws RangeError when a message says that it is too large */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Buffer[] = [];
    for (let next = this.#nextLength(); next !== undefined && this.#length >= 4 + next; next = this.#nextLength()) {
      const all = this.#joined();
      messages.push(all.subarray(4, 4 + next));
      this.#length -= 4 + next;
      this.#chunks = this.#length === 0 ? [] : [all.subarray(4 + next)];
    }
    return messages;
  }

  #nextLength(): number | undefined {
    if (this.#length < 4) return undefined;
    const [first] = this.#chunks;
    const length = (first !== undefined && first.length >= 4 ? first : this.#joined()).readInt32BE();
    if (length < 0 || length > this.#maxBytes) throw new RangeError(`A message of ${length} bytes`);
    return length;
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
