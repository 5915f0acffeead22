import { expect, test } from 'vitest';
import { javaPattern } from '../../../engine/framework/java-pattern.ts';

/* What java.util.regex.Pattern.matches says of the same. */
test.each<[string, string, boolean]>([
  ['node[1-3]', 'node2', true],
  ['node', 'node2', false],
  ['a|b', 'b', true],
  ['(?i)RACK-a', 'rack-A', true],
  ['(?i)node.*', 'NODE7', true],
  ['(?is)a.b', 'A\nB', true],
  [String.raw`\Qa.b\E.*`, 'a.bc', true],
  [String.raw`\Qa.b\E.*`, 'axbc', false],
  [String.raw`\Qa+b`, 'a+b', true],
  [String.raw`\Qa-b\E`, 'a-b', true],
  [String.raw`x\Qab\E+`, 'xabbb', true],
  [String.raw`\p{Lower}+`, 'abc', true],
  [String.raw`\p{Lower}+`, 'äbc', false],
  [String.raw`\p{Alpha}\P{Digit}`, 'a1', false],
  [String.raw`[\p{Upper}\d]+`, 'A1', true],
  [String.raw`\p{Punct}`, '`', true],
  [String.raw`\p{Lu}`, 'Ä', true],
  [String.raw`a\sb`, 'a\u00A0b', false],
  [String.raw`a\hb`, 'a\u00A0b', true],
  [String.raw`a\Sb`, 'a\u00A0b', true],
  [String.raw`\v`, '\n', true],
  [String.raw`\Aa\z`, 'a', true],
  [String.raw`a\-b\_c`, 'a-b_c', true],
  ['a]b}', 'a]b}', true],
  ['a{2}', 'aa', true],
  [String.raw`(?<n>a)\k<n>`, 'aa', true],
  [String.raw`(a)\1`, 'aa', true],
  ['😀.', '😀😀', true],
])('%j matches %j: %j', (pattern, text, expected) => {
  expect(javaPattern(pattern).test(text)).toBe(expected);
});

test.each<[string, string]>([
  ['[a-z&&[^aeiou]]', "'&&' in a class is not supported"],
  ['[a[b]]', 'a class in a class is not supported'],
  ['[]a]', "a class may not begin with ']'"],
  ['[a', "a class has no ']'"],
  ['a*+', 'possessive quantifiers are not supported'],
  ['a{1,2}+b', 'possessive quantifiers are not supported'],
  ['(?>a)', "'(?>' is not supported here"],
  ['a(?i)b', "'(?i' is not supported here"],
  ['(?i:a)', "'(?i' is not supported here"],
  ['(?x)a b', "'(?x' is not supported here"],
  [String.raw`a\Z`, String.raw`'\Z' is not supported`],
  [String.raw`\R`, String.raw`'\R' is not supported`],
  [String.raw`\x{41}`, String.raw`'\x' is not supported`],
  [String.raw`\p{IsAlphabetic}`, String.raw`'\p' is not supported`],
  [String.raw`[\S]`, String.raw`'\S' is not supported`],
  ['a\\', String.raw`'\' is not supported`],
  ['a{', 'it does not parse'],
  ['(a', 'it does not parse'],
  ['*', 'it does not parse'],
])('%j is refused', (pattern, message) => {
  expect(() => javaPattern(pattern)).toThrow(message);
});
