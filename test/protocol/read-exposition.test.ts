import { expect, test } from 'vitest';
import { exposition } from '../../protocol/exposition.ts';
import { readExposition, sumOf } from '../../protocol/read-exposition.ts';

const family = { name: 'app_instances', kind: 'gauge', help: 'How many.\nOf each.' } as const;

test('what is written is read again, with every character that a label may have', () => {
  const labels = { app: '/a "b", {c}=\\d\ne', of: '' };
  const measures = [
    { family, labels, value: 2.5 },
    { family, labels: {}, value: Infinity },
    { family: { ...family, name: 'lost_total' }, labels: {}, value: -Infinity },
  ];
  expect(readExposition(exposition(measures))).toEqual(
    measures.map((each) => ({ name: each.family.name, labels: each.labels, value: each.value })),
  );
});

test('comments, empty lines and what is no sample are passed over, and a time behind a value as well', () => {
  const text = '# HELP up Up.\n# TYPE up gauge\n\nup{ job = "a" , } 1 1700000000\nup\n<html>\nnan NaN\n';
  expect(readExposition(text)).toEqual([
    { name: 'up', labels: { job: 'a' }, value: 1 },
    { name: 'nan', labels: {}, value: NaN },
  ]);
});

test.each([
  ['up', 3],
  ['up{job="a"}', 2],
  ['up{job="a",host="y"}', 1],
  ['up{job="c"}', undefined],
  ['down', undefined],
  ['{}', undefined],
])('%s is %s', (selector, sum) => {
  const samples = readExposition('up{job="a",host="x"} 1\nup{job="a",host="y"} 1\nup{job="b"} 1\n');
  expect(sumOf(samples, selector)).toBe(sum);
});
