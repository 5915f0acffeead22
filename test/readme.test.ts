import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flags } from '../cli/command-line/flags.ts';
import { parseCommandLine } from '../cli/command-line/parse-command-line.ts';
import { machineScripts, scriptsBeside } from '../generators/lab-scripts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Written by a program from what there is. */
const generated = ['docs/spec.md', 'docs/settings.md'];
const ofDocs = readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []));
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...ofDocs.filter((path) => !generated.includes(path)),
];
const all = [...documents, ...generated, 'examples/README.md'];

/** Flags of other programs that the documents mention. */
const foreignFlags = {
  npm: ['package', 'silent', 'package-lock-only'],
  'npm run generated': ['check'],
  'npm run bench': ['only'],
  'native/install.sh': ['undo', 'dry-run', 'root', 'no-services'],
  'npx vitest run': ['project'],
  'docker run': ['detach'],
  marathon: ['enable_features'],
  'docker compose up': ['wait'],
  'docker login, podman login and push': ['username', 'password-stdin', 'tls-verify'],
  'docker network create': ['driver'],
  curl: ['user'],
  "Distribution's garbage-collect": ['delete-untagged'],
  'mesos-agent': ['log_dir'],
  'vagrant up': ['provision-with'],
};

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** What stands in back quotes, and the lines of blocks of code. */
function codeIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'));
  const spans = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return [...blocks, ...spans].map((code) => code.replaceAll(/\s+/g, ' '));
}

/** As GitHub makes it from a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsIn = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

function isDeadLink(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#', 2);
  const target = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(root, target))) return true;
  return (
    anchor !== undefined && (statSync(join(root, target)).isDirectory() || !anchorsIn(read(target)).includes(anchor))
  );
}

describe.each(all)('%s', (document) => {
  const text = read(document);

  it('links to files and headings that exist', () => {
    const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const dead = links.filter((link) => !/^https?:/.test(link)).filter((link) => isDeadLink(document, link));
    expect(dead).toEqual([]);
  });

  it('names npm scripts that exist, here or in a lab', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const known = [...Object.keys(scripts), ...machineScripts, ...scriptsBeside];
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

it('README.md begins with npm scripts that the clone itself has', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const [, start = ''] = /^## Quick start$([^]*)^Make a lab of your own/m.exec(read('README.md')) ?? [];
  const named = [...start.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named).toContain('page');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

describe.each([...documents, 'examples/README.md'])('%s', (document) => {
  const code = codeIn(read(document));

  it('names flags that exist', () => {
    const known = [...flags.map(({ name }) => name), ...Object.values(foreignFlags).flat()];
    const named = code.flatMap((line) => [...line.matchAll(/(?<![\w-])--([a-z][\w-]*)/g)].map(([, name = '']) => name));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('shows commands that parse', () => {
    const program =
      /^(?:\$ )?(?:(?:npx|node|npm exec)(?: --yes)?(?: --package=\S+ --)? (?:\S*\/)?create-mesos-cluster\S*|npm create mesos-cluster|npm run (?:--silent )?(?<verb>explain|plan|generate|up|verify|status|deploy|scale|logs))(?: |$)/;
    const wrong = code
      .filter((line) => program.test(line))
      .map((line) =>
        line
          .replace(/ *(?:#| \| ).*$/, '')
          .replace(program, '$<verb> ')
          .replace(/(?<=^|\S )-- /, ''),
      )
      .map((line) => ({ line, problems: parseCommandLine(line.split(' ').filter((word) => word !== '')).problems }))
      .filter(({ problems }) => problems.length > 0);
    expect(wrong).toEqual([]);
  });
});
