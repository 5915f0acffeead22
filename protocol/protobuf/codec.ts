import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';

/** All of protobuf at once, for whoever loads it when the first client speaks it. */
export const protobufCodec = { decode: decodeMessage, encode: encodeMessage };
