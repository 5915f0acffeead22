import type { Place, Problem } from '../../errors/user-error.ts';
import type { Colours } from '../../platform/terminal.ts';

/**
 * One problem as text: its place, code and message, then what was found, what is allowed and the fix.
 * @param kind `error` or `warning`, coloured by the caller
 */
export function problemText(problem: Problem, kind: string, colours: Colours): string {
  const place = problem.place === undefined ? '' : `${colours.bold(placeText(problem.place))}: `;
  const details = [
    ['found:  ', problem.found],
    ['allowed:', problem.allowed],
    ['fix:    ', problem.fix],
  ] as const;
  const lines = details.flatMap(([label, text]) =>
    text === undefined ? [] : [`  ${colours.dim(label)} ${visible(text)}\n`],
  );
  return `${place}${kind} ${problem.code}: ${visible(problem.message)}\n${lines.join('')}`;
}

/** A place as compilers write it, so that editors find it. */
function placeText(place: Place): string {
  switch (place.kind) {
    case 'file':
      return `${visible(place.file)}:${String(place.line)}:${String(place.column)}`;
    case 'path':
      return visible(place.path);
    case 'flag':
      return visible(place.flag);
  }
}

/** What the user typed may hold control characters; shown as they are they could move the cursor or change colours. */
function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
