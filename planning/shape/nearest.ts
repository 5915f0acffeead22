import leven from 'leven';

/** Words compare without case and without the separators that people mix up. */
const folded = (word: string) => word.toLowerCase().replace(/[-_ .]/g, '');

/**
 * The candidate that a mistyped word most likely means: at most a third of its letters differ (one of three or four
 * letters, two of five). Undefined when nothing is near; the first candidate wins a tie.
 */
export function nearest<Word extends string>(word: string, candidates: readonly Word[]): Word | undefined {
  const wanted = folded(word).slice(0, 100);
  const limit = wanted.length < 5 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  let best: { readonly candidate: Word; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = leven(wanted, folded(candidate), { maxDistance: limit + 1 });
    if (distance <= limit && 2 * distance < candidate.length && distance < (best?.distance ?? Infinity)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}
