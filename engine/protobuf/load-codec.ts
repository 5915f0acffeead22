import type { protobufCodec } from '../../protocol/protobuf/codec.ts';

/** The codec, which is not loaded before a client speaks protobuf: most never do. */
export async function loadCodec(): Promise<typeof protobufCodec> {
  return (await import('../../protocol/protobuf/codec.ts')).protobufCodec;
}
