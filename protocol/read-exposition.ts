import type { Labels } from './exposition.ts';

/** A value in Prometheus's text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A name, labels, and what stands behind them (docs/instrumenting/exposition_formats.md). */
const line = /^([a-zA-Z_:][\w:]*)(?:\s*\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?(?:\s+(\S+))?/;
const label = /([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;

const unescaped = (text: string) => text.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));

function parts(text: string) {
  const [, name, inside = '', value] = line.exec(text) ?? [];
  if (name === undefined) return undefined;
  const labels = [...inside.matchAll(label)].map(([, key = '', quoted = '']) => [key, unescaped(quoted)] as const);
  return { name, labels: Object.fromEntries(labels), value };
}

const numberOf = (text: string) => (/^[+-]Inf$/.test(text) ? Number(`${text}inity`) : Number(text));

/** The samples of what an exporter answers; lines that are none, such as comments, are passed over. */
export const readExposition = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((each) => {
    const found = parts(each);
    return found?.value === undefined ? [] : [{ ...found, value: numberOf(found.value) }];
  });

/**
 * The sum of all samples with a name and labels, as `sum()` of Prometheus would have it; undefined when there is none.
 * @param selector `marathon_app_instances{app="/web"}`: other labels may be anything
 */
export function sumOf(samples: readonly Sample[], selector: string): number | undefined {
  const wanted = parts(selector);
  if (wanted === undefined) return undefined;
  const found = samples.filter(
    ({ name, labels }) =>
      name === wanted.name && Object.entries(wanted.labels).every(([key, value]) => labels[key] === value),
  );
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}
