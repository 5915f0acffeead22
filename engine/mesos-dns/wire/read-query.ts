import { decode, type Answer } from 'dns-packet';

/** Response codes (RFC 1035, 4.1.1; RFC 6891, 9). */
export const rcodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
} as const;

export interface Query {
  readonly id: number;
  /** Opcode and RD as they came. */
  readonly flags: number;
  /** In small letters, without a final dot; `.` is the root. */
  readonly name: string;
  /** `A`, `SRV`, …; `UNKNOWN_65` of one that the library does not know. */
  readonly type: string;
  /** As it came, for an answer repeats it letter by letter. */
  readonly question: Buffer;
  /** What the other side takes by UDP (EDNS, RFC 6891); missing: it has said nothing, so 512. */
  readonly ednsSize?: number;
}

/** A query; or a code by which it is refused; or what is nothing to answer at all. */
export type ReadQuery =
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'refused'; readonly id: number; readonly flags: number; readonly rcode: number }
  | { readonly kind: 'none' };

const headerBytes = 12;
/** A question and an OPT with some options are a few hundred. */
const mostBytes = 4096;
/** OPT, TSIG, and what else may come. */
const mostAdditionals = 4;
const compressed = 0xc0;

/** Reads what came; never throws, and takes no longer than the few records take that a query may have. */
export function readQuery(bytes: Buffer): ReadQuery {
  if (bytes.length < headerBytes) return { kind: 'none' };
  const flags = bytes.readUInt16BE(2);
  // A response: to answer it would be the begin of a conversation without end.
  if (flags & 0x8000) return { kind: 'none' };
  const id = bytes.readUInt16BE(0);
  const refused = (rcode: number): ReadQuery => ({ kind: 'refused', id, flags, rcode });
  if (((flags >> 11) & 15) !== 0) return refused(rcodes.notImplemented);
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((offset) => bytes.readUInt16BE(offset));
  const isUsual = questions === 1 && answers === 0 && authorities === 0 && (additionals ?? 0) <= mostAdditionals;
  if (!isUsual || bytes.length > mostBytes) return refused(rcodes.formatError);
  const end = questionEnd(bytes);
  if (end === undefined) return refused(rcodes.formatError);
  try {
    const packet = decode(bytes);
    const [question] = packet.questions ?? [];
    const opt = packet.additionals?.find(isOpt);
    if (question === undefined) return refused(rcodes.formatError);
    if ((opt?.ednsVersion ?? 0) > 0) return refused(rcodes.badVersion);
    return {
      kind: 'query',
      query: {
        id,
        flags,
        name: question.name.toLowerCase(),
        type: question.type,
        question: bytes.subarray(headerBytes, end),
        ...(opt === undefined ? {} : { ednsSize: opt.udpPayloadSize }),
      },
    };
  } catch {
    return refused(rcodes.formatError);
  }
}

type OptRecord = Extract<Answer, { readonly type: 'OPT' }> & {
  readonly udpPayloadSize: number;
  readonly ednsVersion: number;
};

const isOpt = (record: Answer): record is OptRecord => record.type === 'OPT';

/** Where the only question ends; its name is the first of all, so there is nothing that it could point to. */
function questionEnd(bytes: Buffer): number | undefined {
  let at = headerBytes;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || length >= compressed) return undefined;
    at += length + 1;
    if (length === 0) break;
  }
  const end = at + 4;
  return end <= bytes.length ? end : undefined;
}
