import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = new URL('..', import.meta.url);
const entries = (path: string) => readdirSync(fileURLToPath(new URL(path, root)), { withFileTypes: true });

it('CONTRIBUTING.md says of every folder of tests, and of every test with real tools, what it covers', () => {
  const text = readFileSync(new URL('CONTRIBUTING.md', root), 'utf8');
  const [, table = ''] = /^## Which tests cover what\n([^]*?)^## /m.exec(text) ?? [];
  const named = (name: string) => new RegExp(`\`${name}[\`/]`).test(table);
  // Where tests have their tools and files.
  const folders = entries('test').filter((entry) => entry.isDirectory() && entry.name !== 'support');
  const withRealTools = entries('test/docker').filter(({ name }) => name.endsWith('.test.ts'));
  const names = [
    ...folders.map(({ name }) => (name === 'docker' ? 'test/docker' : name)),
    ...withRealTools.map(({ name }) => name.replace('.test.ts', '')),
  ];
  expect(names.length).toBeGreaterThan(25);
  expect(names.filter((name) => !named(name))).toEqual([]);
});
