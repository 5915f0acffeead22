import { escapeXml } from '../../checks/verify/junit.ts';

/** HTML, in which every text is escaped. */
export interface Markup {
  readonly html: string;
}

type Piece = string | number | Markup | readonly Markup[];

const textOf = (piece: Piece): string => {
  if (typeof piece === 'string' || typeof piece === 'number') return escapeXml(String(piece));
  return 'html' in piece ? piece.html : piece.map(({ html: inner }) => inner).join('');
};

/** A template of HTML: what is put into it is escaped, unless it was made by this, too. */
export const markup = (words: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  html: words.reduce((text, word, index) => `${text}${textOf(pieces[index - 1] ?? '')}${word}`),
});

/** Readable in the light, in the dark and on paper; nothing is fetched, and nothing runs. */
const style: Markup = {
  html: `
:root { color-scheme: light dark; --line: #c8ccd4; --good: #d9f2e0; --half: #fdf0cf; }
@media (prefers-color-scheme: dark) { :root { --line: #4a505c; --good: #1d4a2b; --half: #544514; } }
body { font: 1rem/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
.wide { overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; }
.passed { background: var(--good); }
.started { background: var(--half); }
@media print {
  :root { color-scheme: light; --line: #888; --good: #d9f2e0; --half: #fdf0cf; }
  body { margin: 0; max-width: none; font-size: 0.8rem; }
  .wide { overflow: visible; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  .passed, .started { print-color-adjust: exact; }
}
`,
};

/** A page by itself: one file, without scripts, which fetches nothing. */
export const htmlPage = (title: string, body: Markup): string =>
  markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`.html;
