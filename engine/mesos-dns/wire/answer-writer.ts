/** Sections after the question, by where their counts stand in the header. */
const sections = { answer: 6, authority: 8, additional: 10 } as const;
export type Section = keyof typeof sections;

const headerBytes = 12;
/** A pointer has 14 bits. */
const farthest = 0x3fff;
/** The longest message by TCP. */
const mostBytes = 65_535;

/** Where the name of the question stands, which most records belong to. */
export const questionName = 0xc000 | headerBytes;

/** Of the body of an SRV record: its target comes after type, class, TTL, length, priority, weight and port. */
const targetInSrv = 16;

/** Writes one message after the other into the same memory. */
export class AnswerWriter {
  readonly #bytes = Buffer.allocUnsafe(mostBytes);
  #at = 0;
  #limit = 0;
  #counts: Record<Section, number> = { answer: 0, authority: 0, additional: 0 };

  /** @param limit of the message; @param question as it came, or none */
  begin(limit: number, question: Uint8Array | undefined): void {
    this.#limit = Math.min(limit, mostBytes);
    this.#counts = { answer: 0, authority: 0, additional: 0 };
    this.#bytes.fill(0, 0, headerBytes);
    this.#bytes.writeUInt16BE(question === undefined ? 0 : 1, 4);
    this.#bytes.set(question ?? [], headerBytes);
    this.#at = headerBytes + (question?.length ?? 0);
  }

  /**
   * Adds a record if it has its place.
   * @param owner a pointer to where its name stands; 0: it is in the body
   * @returns where the target of an SRV record stands, as a pointer; undefined when the record does not fit
   */
  add(section: Section, owner: number, body: Uint8Array): number | undefined {
    const length = body.length + (owner === 0 ? 0 : 2);
    if (this.#at + length > this.#limit) return undefined;
    if (owner !== 0) this.#at = this.#bytes.writeUInt16BE(owner, this.#at);
    const target = this.#at + targetInSrv;
    this.#bytes.set(body, this.#at);
    this.#at += body.length;
    this.#counts[section] += 1;
    return target <= farthest ? 0xc000 | target : 0;
  }

  /** What was written so far, to come back to. */
  mark(): { readonly at: number; readonly additionals: number } {
    return { at: this.#at, additionals: this.#counts.additional };
  }

  back({ at, additionals }: ReturnType<AnswerWriter['mark']>): void {
    this.#at = at;
    this.#counts.additional = additionals;
  }

  /** Room for so much more. */
  extend(bytes: number): void {
    this.#limit = Math.min(this.#limit + bytes, mostBytes);
  }

  end(id: number, flags: number): Buffer {
    this.#bytes.writeUInt16BE(id, 0);
    this.#bytes.writeUInt16BE(flags, 2);
    for (const section of ['answer', 'authority', 'additional'] as const) {
      this.#bytes.writeUInt16BE(this.#counts[section], sections[section]);
    }
    return Buffer.from(this.#bytes.subarray(0, this.#at));
  }
}
