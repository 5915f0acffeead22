import type { ComponentChildren } from 'preact';

/** More of them are not marked. */
const mostMarks = 1000;

/** Where a text is in another one, whatever the case of its letters. */
export function findIn(text: string, wanted: string): readonly number[] {
  if (wanted === '') return [];
  const [all, part] = [text.toLowerCase(), wanted.toLowerCase()];
  // Letters that have another length in lower case would move all that is behind them.
  if (all.length !== text.length) return [];
  const found: number[] = [];
  for (let at = all.indexOf(part); at >= 0 && found.length < mostMarks; at = all.indexOf(part, at + part.length)) {
    found.push(at);
  }
  return found;
}

/** Text with marks where something was found; the chosen one is another. */
export function marked(text: string, found: readonly number[], length: number, chosen: number): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let end = 0;
  found.forEach((at, index) => {
    parts.push(
      text.slice(end, at),
      <mark class={index === chosen ? 'chosen' : ''}>{text.slice(at, at + length)}</mark>,
    );
    end = at + length;
  });
  parts.push(text.slice(end));
  return parts;
}
