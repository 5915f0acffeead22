/** What is known of a metric wherever it is from. */
export interface Family {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'summary' | 'untyped';
  /** One line: where its value is from. */
  readonly help: string;
}

export type Labels = Readonly<Record<string, string>>;

/** One value of a metric, in a base unit (seconds, bytes, a share of 1). */
export interface Measure {
  readonly family: Family;
  readonly labels: Labels;
  readonly value: number;
  /** Of a summary: how often it was measured. */
  readonly suffix?: '_count';
}

/** What Prometheus asks for (docs/instrumenting/exposition_formats.md). */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** A name that Prometheus takes: letters, digits and underscores. */
export const metricName = (text: string): string =>
  text
    .replaceAll(/[^a-zA-Z0-9_]+/g, '_')
    .replaceAll(/_{2,}/g, '_')
    .replaceAll(/^_|_$/g, '');

/** Prometheus's text format: all of a metric stands together, in the order in which the metrics first came. */
export function exposition(measures: Iterable<Measure>): string {
  const blocks = new Map<string, string[]>();
  for (const { family, labels, value, suffix = '' } of measures) {
    let block = blocks.get(family.name);
    if (block === undefined) {
      block = [`# HELP ${family.name} ${helpText(family.help)}\n# TYPE ${family.name} ${family.kind}\n`];
      blocks.set(family.name, block);
    }
    block.push(`${family.name}${suffix}${labelText(labels)} ${numberText(value)}\n`);
  }
  return [...blocks.values()].map((block) => block.join('')).join('');
}

function labelText(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '{' : ','}${name}="${labelValue(labels[name] ?? '')}"`;
  return text === '' ? '' : `${text}}`;
}

const helpText = (text: string) => text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);

/** Nearly none has anything to replace. */
const labelValue = (text: string) => (/["\\\n]/.test(text) ? helpText(text).replaceAll('"', String.raw`\"`) : text);

function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
