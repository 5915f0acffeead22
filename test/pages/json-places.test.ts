import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markOfServer, marksOf } from '../../pages/app/marathon/json-marks.ts';
import { lineAndColumn, placesIn, type Places } from '../../pages/app/marathon/json-places.ts';
import { Refused } from '../../pages/app/marathon/refusal.ts';
import { trials } from '../support/trials.ts';

const numRuns = trials('PROPERTY_RUNS', { usual: 200, thorough: 2000 });

function placesOf(json: string): Places {
  const found = placesIn(json);
  if ('trouble' in found) throw new Error(JSON.stringify(found.trouble));
  return found.places;
}

const troubleOf = (json: string) => {
  const found = placesIn(json);
  return 'trouble' in found
    ? { ...lineAndColumn(json, found.trouble.at), expected: found.trouble.expected }
    : undefined;
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the places of a JSON text', () => {
  const json = '{\n  "id": "/x",\n  "healthChecks": [\n    {"path": "/"},\n    {"path": 1}\n  ]\n}';

  test('are where names of fields stand, and where items begin', () => {
    const lines = [...placesOf(json)].map(([path, at]) => [path, lineAndColumn(json, at).line]);
    expect(Object.fromEntries(lines)).toEqual({
      '': 1,
      id: 2,
      healthChecks: 3,
      'healthChecks/0': 4,
      'healthChecks/0/path': 4,
      'healthChecks/1': 5,
      'healthChecks/1/path': 5,
    });
  });

  test.each([
    ['{\n  "a": 1\n  "b": 2\n}', { line: 3, column: 3, expected: 'comma or }' }],
    ['{\n  "a": 1,\n}', { line: 2, column: 9, expected: 'no comma' }],
    ['[1 2]', { line: 1, column: 4, expected: 'comma or ]' }],
    ['{"a" 1}', { line: 1, column: 6, expected: 'colon' }],
    ['{a: 1}', { line: 1, column: 2, expected: 'name' }],
    ["{'a': 1}", { line: 1, column: 2, expected: 'double quotes' }],
    ['{"a": "b\n}', { line: 1, column: 7, expected: 'quote' }],
    ['{"a":\n}', { line: 2, column: 1, expected: 'value' }],
    ['{} // no', { line: 1, column: 4, expected: 'no comment' }],
    ['{} {}', { line: 1, column: 4, expected: 'end' }],
    ['', { line: 1, column: 1, expected: 'value' }],
  ])('or it is said where %j stops being JSON', (text, found) => {
    expect(troubleOf(text)).toEqual(found);
  });

  test('are found in all that JSON.parse reads, and in nothing else', () => {
    const like = fc.string({
      unit: fc.constantFrom(...Array.from('{}[]",:01-.eE tru\\\n/a\u0000\u2028\u007f')),
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.oneof(fc.json(), like), (text) => 'places' in placesIn(text) === isJson(text)),
      { numRuns },
    );
  });
});

describe('what Marathon refuses', () => {
  const json = '{\n  "id": "/x",\n  "env": {\n    "a/b": 1\n  },\n  "healthChecks": [\n    {"path": "/"}\n  ]\n}';
  const refused = (...details: readonly object[]) =>
    new Refused(422, JSON.stringify({ message: 'Object is not valid', details }));
  const linesOf = ({ fields }: Refused) =>
    marksOf(json, placesOf(json), fields).map(({ line, message, isAround }) => [line, message, isAround]);

  test('is said of the line of each path, in the order of the text', () => {
    const found = refused(
      { path: '/healthChecks(0)/path', errors: ['one', 'other'] },
      { path: '/env(a/b)', errors: ['no text'] },
      { path: '/id', errors: ['bad'] },
    );
    expect(linesOf(found)).toEqual([
      [2, 'bad', false],
      [4, 'no text', false],
      [7, 'one', false],
      [7, 'other', false],
    ]);
  });

  test('is said of what a missing field would be in', () => {
    const found = refused(
      { path: '/healthChecks(0)/port', errors: ['error.path.missing'] },
      { path: '/cmd', errors: ['missing'] },
    );
    expect(linesOf(found)).toEqual([
      [1, 'missing', true],
      [7, 'error.path.missing', true],
    ]);
  });

  test('is said of no line when it has no path', () => {
    const found = refused({ errors: ['either cmd or args'] });
    expect(linesOf(found)).toEqual([]);
    expect(found.fields).toEqual([{ path: '', message: 'either cmd or args' }]);
  });

  test.each([
    ['Unexpected character: at [Source: (String)"…"; line: 2, column: 3]', { line: 2, column: 3 }],
    ['Unexpected token in JSON at position 4', { line: 2, column: 3 }],
  ])('is said of where its parser has stopped: %s', (details, place) => {
    const error = new Refused(400, JSON.stringify({ message: 'Invalid JSON', details }));
    expect(markOfServer(json, error)).toMatchObject({ ...place, message: `Invalid JSON: ${details}` });
  });

  test('may be forced only where deployments are in the way', () => {
    const body = JSON.stringify({ message: 'App is locked', deployments: [{ id: 'one' }] });
    expect(new Refused(409, body).lockedBy).toEqual(['one']);
    expect(new Refused(409, '{"message":"An app with id [/x] already exists."}').lockedBy).toEqual([]);
    expect(new Refused(502, '<html>').message).toBe('Refused (502): <html>');
  });
});
