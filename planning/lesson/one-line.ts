const mostCharacters = 200;

/** What a name or a title in a report has to be, where it is not; undefined: it is. */
export function lineProblem(text: string): string | undefined {
  if (text.trim() === '') return 'some letters are wanted';
  if (text.length > mostCharacters) return `at most ${mostCharacters} characters are wanted`;
  // What moves a cursor, and marks that turn the direction of text around.
  const isOdd = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(text);
  return isOdd ? 'one line without control characters is wanted' : undefined;
}
