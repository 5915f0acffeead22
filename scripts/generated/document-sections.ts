import { flagTable } from '../../cli/command-line/flag-table.ts';
import { verbEntry, knownVerbs } from '../../cli/command-line/verbs.ts';
import { imageSets } from '../../planning/catalogue/image-sets.ts';
import { lessonSections } from './lesson-reference.ts';
import { presets } from '../../planning/catalogue/presets.ts';
import { imageSetNames, type ImageSetName } from '../../planning/catalogue/roles.ts';

/** Tables of README.md and the documents, by the name of their markers: `<!-- NAME:start -->` and `<!-- NAME:end -->`. */
export function documentSections(): Readonly<Record<string, string>> {
  return { presets: presetTable(), verbs: verbTable(), flags: flagTable(), images: imageTables(), ...lessonSections() };
}

/** The folder where the files of a preset can be read: `compose` has those of the default. */
const shownIn = (preset: string): string => (preset === 'single' ? 'compose' : `examples/${preset}`);

function presetTable(): string {
  const rows = Object.entries(presets).map(
    ([name, { title, source }]) => `| [\`${name}\`](${shownIn(name)}) | ${title} | ${source ?? ''} |\n`,
  );
  return `| preset | what it is | published as |\n| --- | --- | --- |\n${rows.join('')}`;
}

function verbTable(): string {
  const rows = knownVerbs
    .map((verb) => ({ verb, ...verbEntry(verb) }))
    .map(({ verb, summary, ...entry }) => {
      const words = [verb, entry.arguments ?? ''].join(' ').trim().replaceAll('|', '\\|');
      return `| \`${words}\` | ${summary} |\n`;
    });
  return `| verb | what it does |\n| --- | --- |\n${rows.join('')}`;
}

/** One image, and all that it plays in any set. */
interface ImageUse {
  readonly roles: Set<string>;
  readonly sets: Set<string>;
  readonly processors: string;
}

function imageUses(): ReadonlyMap<string, ImageUse> {
  const uses = new Map<string, ImageUse>();
  for (const set of imageSetNames) {
    for (const [role, { reference, onlyPlatform }] of Object.entries(imageSets[set].images)) {
      const processors = onlyPlatform === undefined ? 'amd64, arm64' : 'amd64';
      const use = uses.get(reference) ?? { roles: new Set(), sets: new Set(), processors };
      use.roles.add(role);
      use.sets.add(set);
      uses.set(reference, use);
    }
  }
  return uses;
}

/** The words below the table say more. */
const runByUs: Readonly<Record<ImageSetName, string>> = {
  clusterd: 'its configuration, with a Mesos from source; the images: no',
  stock: 'no',
  lite: 'yes, on amd64',
};

function imageTables(): string {
  const sets = imageSetNames.map((name) => `| \`${name}\` | ${imageSets[name].title} | ${runByUs[name]} |\n`);
  const images = [...imageUses()].map(([reference, { roles, sets: inSets, processors }]) => {
    const of = inSets.size === imageSetNames.length ? 'all' : [...inSets].join(', ');
    return `| \`${reference}\` | ${[...roles].join(', ')} | ${of} | ${processors} |\n`;
  });
  return `| image set | what it is | run by us |
| --- | --- | --- |
${sets.join('')}
| image | plays | image sets | made for |
| --- | --- | --- | --- |
${images.join('')}`;
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
