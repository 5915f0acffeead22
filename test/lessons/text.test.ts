import { expect, test } from 'vitest';
import { targetFromUrls } from '../../checks/cluster-target.ts';
import { checkText } from '../../lessons/text/check-text.ts';
import { fillIn } from '../../lessons/text/placeholders.ts';
import { terminalText } from '../../lessons/text/terminal-text.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { coloursFor } from '../../platform/terminal.ts';

const colours = (isTerminal: boolean, env = {}) => coloursFor({ isTerminal, write: () => undefined }, env, true);
const plain = (markdown: string, width = 60) => terminalText(markdown, { width, colours: colours(false) });

const everything = `Two *words* and **more**, with \`code that stays together\` and [a link](https://example.org/x).

## A heading

1. First, which is long enough to be broken into more than one line of this width
2. Second
   - inner

| a | longer |
| --- | --- |
| 1 | \`x\` |

> Said by somebody.

\`\`\`sh
npm run learn   # as it is
\`\`\`
`;

test('Markdown is shown in columns, and code as it is', () => {
  expect(plain(everything)).toMatchInlineSnapshot(`
    "Two words and more, with code that stays together and a link
    (https://example.org/x).

    A heading

    1. First, which is long enough to be broken into more than
       one line of this width
    2. Second
       • inner

    a  longer
    ─  ──────
    1  x

    │ Said by somebody.

        npm run learn   # as it is
    "
  `);
});

test('colours are for terminals that want them', () => {
  expect(terminalText('**a** `b`', { width: 60, colours: colours(true) })).toBe(
    '\u001b[1ma\u001b[22m \u001b[36mb\u001b[39m\n',
  );
  expect(terminalText('**a** `b`', { width: 60, colours: colours(true, { NO_COLOR: '1' }) })).toBe('a b\n');
});

test('no line is wider than the terminal, and no control character gets through', () => {
  const text = `${'word '.repeat(60)}\u001b[2Jend`;
  const lines = plain(text, 50).trimEnd().split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(50);
  expect(lines.join('')).not.toContain('\u001b');
});

test('what is not shown, and what stands for nothing, is a mistake with its line', () => {
  const problems = checkText(
    '# Title\n\nSee {{marathn}} and {{service:80}}.\n\n<b>x</b>\n\n![p](p.png)\n',
    'lesson.md',
  );
  expect(problems.map(({ message, place, fix }) => [place, message, fix])).toEqual([
    [expect.objectContaining({ line: 3, column: 5 }), '{{marathn}} stands for nothing', 'Did you mean {{marathon}}?'],
    [expect.objectContaining({ line: 1 }), expect.stringContaining('title'), expect.any(String)],
    [expect.objectContaining({ line: 5 }), 'HTML is not shown', expect.any(String)],
    [expect.objectContaining({ line: 7 }), 'Pictures are not shown', expect.any(String)],
  ]);
  expect(checkText(' \n', 'lesson.md')).toHaveLength(1);
});

test('placeholders are what they stand for in a lab', () => {
  const target = targetFromUrls({
    mesos: ['http://m:5050'],
    marathon: ['http://x:8080'],
    loadBalancer: 'http://lb:9090',
  });
  const plan = planCluster({ name: 'lab' });
  const text = fillIn(
    '{{master}} {{marathon}} {{service:10001}} {{files}} {{chronos}} {{unknown}}',
    target,
    plan,
    'learn/03',
  );
  expect(text).toBe('http://m:5050 http://x:8080 http://lb:10001 learn/03 (no chronos in this lab) {{unknown}}');
});
