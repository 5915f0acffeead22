import { expect, test } from 'vitest';
import { readText } from '../../lessons/text/read-text.ts';

test('Markdown is read into what it says', () => {
  expect(readText('A *b* **c** `d e` [f](https://g/)\\\nh\n\n3. one\n4. two\n   - in\n')).toEqual([
    {
      kind: 'paragraph',
      spans: [
        { kind: 'text', text: 'A ' },
        { kind: 'emphasis', spans: [{ kind: 'text', text: 'b' }] },
        { kind: 'text', text: ' ' },
        { kind: 'strong', spans: [{ kind: 'text', text: 'c' }] },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'd e' },
        { kind: 'text', text: ' ' },
        { kind: 'link', href: 'https://g/', spans: [{ kind: 'text', text: 'f' }] },
        { kind: 'break' },
        { kind: 'text', text: 'h' },
      ],
    },
    {
      kind: 'list',
      start: 3,
      isLoose: false,
      items: [
        [{ kind: 'paragraph', spans: [{ kind: 'text', text: 'one' }] }],
        [
          { kind: 'paragraph', spans: [{ kind: 'text', text: 'two' }] },
          {
            kind: 'list',
            isLoose: false,
            items: [[{ kind: 'paragraph', spans: [{ kind: 'text', text: 'in' }] }]],
          },
        ],
      ],
    },
  ]);
});

const textsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner),
  );
};

test.each(['<script>alert(1)</script>', 'a <img src=x onerror=alert(1)> b', '<b>x</b>'])(
  'HTML is text, as it is written: %s',
  (html) => {
    expect(textsIn(readText(html)).join('')).toBe(html);
  },
);

test('pictures are their words, and no control character gets through', () => {
  expect(textsIn(readText('![a picture](x.png) \u001b[2Jend'))).toEqual(['a picture', ' [2Jend']);
});

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test.each([
  ['quotes', '> '.repeat(3000)],
  ['lists', '- '.repeat(300)],
  ['stars', '*a **b '.repeat(300)],
  ['links', '[a '.repeat(300)],
])('%s in each other end somewhere', (_, markdown) => {
  const blocks = readText(`${markdown}deep`);
  expect(depthOf(blocks)).toBeLessThan(100);
  expect(textsIn(blocks).join('')).toContain('deep');
});
