import { Writable } from 'node:stream';
import type { PromptStreams } from '../../platform/terminal.ts';

/**
 * The prompts library colours through node:util, which looks at another stream than it draws on and on Node 20 forgets
 * NO_COLOR where two styles meet: without colours they are taken out of what it writes. The cursor's codes stay.
 */
export function withoutColours({ input, output }: PromptStreams): PromptStreams {
  const plain = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
      output.write(text.replace(/\u001b\[[0-9;]*m/g, ''));
      done();
    },
  });
  return { input, output: plain };
}
