import { flagTable } from '../../cli/flag-table.ts';
import { imageSets } from '../../spec/image-sets.ts';
import { presets } from '../../spec/presets.ts';

/** Tables of README.md, by the name of their markers: `<!-- NAME:start -->` and `<!-- NAME:end -->`. */
export function readmeSections(): Readonly<Record<string, string>> {
  return { flags: flagTable(), presets: presetTable(), images: imageTable() };
}

function presetTable(): string {
  const rows = Object.entries(presets).map(
    ([name, { title, source }]) => `| \`${name}\` | ${title} | ${source ?? ''} |\n`,
  );
  return `| preset | what it is | published as |\n| --- | --- | --- |\n${rows.join('')}`;
}

function imageTable(): string {
  const rows = Object.entries(imageSets).flatMap(([set, { images }]) =>
    Object.entries(images).map(([part, image]) => {
      const processors = image.onlyPlatform === undefined ? 'amd64, arm64' : 'amd64 (emulated on arm64)';
      const run = image.builtLocally === true ? 'no: not built yet' : 'no: cannot be pulled where we test';
      return `| ${set} | ${part} | \`${image.reference}\` | ${processors} | ${run} |\n`;
    }),
  );
  return `| image set | role | image | processors | run by us |\n| --- | --- | --- | --- | --- |\n${rows.join('')}`;
}

/** A text with the content between its markers replaced; sections without markers are left out. */
export function replaceSections(text: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((before, [name, content]) => {
    const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
    const from = before.indexOf(start);
    const to = before.indexOf(end, from);
    if (from < 0 || to < 0) return before;
    return `${before.slice(0, from + start.length)}\n\n${content}\n${before.slice(to)}`;
  }, text);
}
