import { expect, test } from 'vitest';
import { thousandthsText } from '../../protocol/value-text.ts';

/* The comment at decimalFormatter in Constraints.scala of Marathon has 1.0005, 1.00051 and 1.1005. */
test.each([
  [1, '1'],
  [0.8, '0.8'],
  [1.00051, '1.001'],
  [1.1005, '1.101'],
  [0.0625, '0.062'],
  [0.1875, '0.188'],
  [12345.6789, '12345.679'],
])('%d is %s to the thousandth', (value, text) => {
  expect(thousandthsText(value)).toBe(text);
});
