import type { Json } from '../../../protocol/mesos.ts';

/** Parses JSON; what is wrong with it is said as picojson does, which Mesos reads it with (stout/json.hpp). */
export function parseJson(text: string): { readonly value: Json } | { readonly error: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { error: describe(text, error instanceof Error ? error.message : '') };
  }
}

/** The line, and the rest of it from where V8 stopped to understand. */
function describe(text: string, message: string): string {
  const at = positionIn(text, message);
  if (message.startsWith('Unexpected non-whitespace')) {
    const end = text.slice(0, at).trimEnd().length;
    return `Parsed JSON included non-whitespace trailing characters: ${text.slice(end)}`;
  }
  const line = text.slice(0, at).split('\n').length;
  return `syntax error at line ${line} near: ${text.slice(at).split('\n', 1)[0]?.slice(0, 200) ?? ''}`;
}

function positionIn(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const token = /^Unexpected token '(.)'/su.exec(message)?.[1];
  const first = token === undefined ? -1 : text.indexOf(token);
  return first < 0 ? text.length : first;
}
