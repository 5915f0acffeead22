import { words } from './words.ts';

const { kind = 'lab', name = '' } = document.documentElement.dataset;

/** What this page is of, as its document says. */
export const subject = {
  name: name === '' ? words.title : name,
  kind: kind === 'master' || kind === 'marathon' ? words.pageOf[kind] : words.pageOf.lab,
};

/** As it is called in a row of tabs: what is seen first. */
export function showTitle(seen: string): void {
  document.title = `${seen} · ${subject.name}`;
}
