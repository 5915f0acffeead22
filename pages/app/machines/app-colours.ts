/* A colour and a letter for each app: the letter for who does not tell the colours apart. */

/** As many as page colours of the kind `app-0`. */
const colours = 8;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Apps in the order in which they were seen: what one has, it keeps. */
const seen = new Map<string, number>();

export interface Mark {
  readonly colour: string;
  readonly letter: string;
}

/** @param app the name of its tasks */
export function markOf(app: string): Mark {
  const known = seen.get(app) ?? seen.size;
  seen.set(app, known);
  return { colour: `app-${known % colours}`, letter: letters[known % letters.length] ?? '' };
}
