import * as fc from 'fast-check';

/** Lone halves of surrogate pairs are no characters. */
const surrogates = { from: 0xd800, count: 0x800 };

/**
 * Any character of Unicode: what fast-check's own unit `binary` means. That one first fills a map with all 1.1 million,
 * in each worker: more than a second and 150 MB.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - surrogates.count })
  .map((index) => String.fromCodePoint(index < surrogates.from ? index : index + surrogates.count));
