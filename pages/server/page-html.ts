/** What a page is of. */
export interface PageSubject {
  readonly kind: 'lab' | 'master' | 'marathon';
  /** Of the lab, or of the cluster; empty: it has none. */
  readonly name: string;
}

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The document says what it is of before any script runs: in its title, and for the script (pages/app/subject.ts). */
export function htmlOf(html: string, { kind, name }: PageSubject): string {
  const title = name === '' ? '' : `${escaped(name)} · `;
  return html
    .replace('<html lang="en">', () => `<html lang="en" data-kind="${kind}" data-name="${escaped(name)}">`)
    .replace('<title>', () => `<title>${title}`);
}
