/** A word as a POSIX shell reads it back: quoted only where it must be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A command for who takes one text and has a shell: each word is quoted for it. */
export const shellWords = (words: readonly string[]): string => words.map(shellWord).join(' ');
