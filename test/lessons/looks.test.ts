import { describe, expect, test } from 'vitest';
import { isTaskOf } from '../../lessons/asking/tasks-of-app.ts';
import { answerFingerprint } from '../../lessons/looks/answer-fingerprint.ts';
import { whatIsMissing } from '../../lessons/looks/contains.ts';
import { meantBy } from '../../lessons/looks/look-at-answer.ts';

describe('what an answer contains', () => {
  const found = { labels: { a: '1', b: '2' }, ports: [{ port: 1, name: 'x' }, { port: 2 }], n: 0 };
  test.each([
    [{ labels: { a: '1' } }, undefined],
    [{ ports: [{ port: 2 }, { port: 1 }] }, undefined],
    [{ n: 0, ports: [] }, undefined],
    [{ labels: { a: '2' } }, 'labels.a is "1", wanted is "2"'],
    [{ labels: { c: '1' } }, 'labels.c is not there, wanted is "1"'],
    [{ ports: [{ port: 3 }] }, 'ports has no {"port":3}'],
    [{ n: { x: 1 } }, 'n is 0, wanted is {"x":1}'],
    [{ toString: 1 }, 'toString is not there, wanted is 1'],
  ])('%j', (wanted, missing) => {
    expect(whatIsMissing(wanted, found)).toBe(missing);
  });
});

test.each([
  ['learn_web.instance-0f4a1f1e-aaaa-11ef-9d3c-0242ac110002._app.1', true],
  ['learn_web.0f4a1f1e-aaaa-11ef-9d3c-0242ac110002', true],
  ['learn_web_api.instance-0f4a1f1e-aaaa-11ef-9d3c-0242ac110002._app.1', false],
  ['learn_web.blue.instance-0f4a1f1e-aaaa-11ef-9d3c-0242ac110002._app.1', false],
])('%s is a task of /learn/web: %s', (id, expected) => {
  expect(isTaskOf(id, '/learn/web')).toBe(expected);
});

test('a letter stands for a choice, and words for themselves', () => {
  const question = { question: 'Q', choices: ['one', 'two'], right: 'two' };
  expect(['a', 'B', ' two ', 'z'].map((given) => meantBy(question, given))).toEqual(['one', 'two', 'two', 'z']);
  expect(meantBy({ question: 'Q', right: 'a' }, 'a')).toBe('a');
});

test('a fingerprint depends on the question, and not on upper and lower case', () => {
  expect(answerFingerprint('Q', ' Two')).toBe(answerFingerprint('Q', 'two'));
  expect(answerFingerprint('Q', 'two')).not.toBe(answerFingerprint('R', 'two'));
  expect(answerFingerprint('Q', 'two')).toMatch(/^sha256:[0-9a-f]{64}$/);
});
