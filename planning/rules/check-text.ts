import { showText } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem, type Rule } from './rule.ts';

/** What no name, path or value of Mesos needs, and what would break lines in one of the generated files. */

const forbidden = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\p{Surrogate}]/u;

/** Every text of the spec, and every name in its maps: one line of printable characters. */
export const checkText: Rule = (spec) => textProblems(spec, []);

function textProblems(value: unknown, path: SpecPath): readonly SpecProblem[] {
  if (typeof value === 'string') return forbidden.test(value) ? [unprintable(value, path, 'value')] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => textProblems(item, [...path, index]));
  return Object.entries(value).flatMap(([key, item]) => [
    ...(forbidden.test(key) ? [unprintable(key, [...path, key], 'key')] : []),
    ...textProblems(item, [...path, key]),
  ]);
}

function unprintable(text: string, path: SpecPath, at: 'key' | 'value'): SpecProblem {
  const character = forbidden.exec(text)?.[0] ?? '';
  const isBreak = /[\r\n\u0085\u2028\u2029]/.test(character);
  const name = isBreak
    ? 'a line break'
    : `the character U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return problem('SPEC_VALUE', path, `A text holds ${name}`, {
    at,
    found: showText(text),
    allowed: 'one line of printable characters',
    fix: isBreak ? 'Write it on one line' : 'Remove the character',
  });
}
