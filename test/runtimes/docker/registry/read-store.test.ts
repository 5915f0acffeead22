import { describe, expect, it } from 'vitest';
import { readStore, unnamedManifests } from '../../../../runtimes/docker/registry/read-store.ts';

const hex = (digit: string) => digit.repeat(64);
const digest = (digit: string) => `sha256:${hex(digit)}`;
const revision = (repository: string, digit: string) =>
  `R repositories/${repository}/_manifests/revisions/sha256/${hex(digit)}/link`;
const tag = (repository: string, name: string, digit: string) =>
  `T repositories/${repository}/_manifests/tags/${name}/current/link:${digest(digit)}`;
const list = (digit: string, ...children: readonly string[]) =>
  `M blobs/sha256/${digit}${digit}/${hex(digit)}/data ${JSON.stringify({ manifests: children.map((child) => ({ digest: digest(child), size: 1 })) })}`;

const unnamed = (...lines: readonly string[]) =>
  unnamedManifests(readStore(`${lines.join('\n')}\n`)).map(
    ({ repository, digest: each }) => `${repository} ${each[7] ?? ''}`,
  );

describe('manifests that nothing names', () => {
  it('are those without a tag', () => {
    expect(unnamed(revision('shop/web', '1'), revision('shop/web', '2'), tag('shop/web', '1.0', '2'))).toEqual([
      'shop/web 1',
    ]);
  });

  it('are not those of a list that a tag names, nor of a list in it', () => {
    const all = ['1', '2', '3', '4', '5'].map((digit) => revision('web', digit));
    expect(unnamed(...all, tag('web', 'x', '1'), list('1', '2', '3'), list('3', '4'))).toEqual(['web 5']);
  });

  it('are those of a list that no tag names, and the list', () => {
    const all = ['1', '2', '3'].map((digit) => revision('web', digit));
    expect(unnamed(...all, tag('web', 'x', '3'), list('1', '2'))).toEqual(['web 1', 'web 2']);
  });

  it('are unnamed in one repository, whatever names them in another one', () => {
    const all = [revision('web', '1'), revision('web', '2'), revision('api', '1'), revision('api', '2')];
    expect(unnamed(...all, tag('api', 'x', '1'), list('1', '2'))).toEqual(['web 1', 'web 2']);
  });

  it('come to an end where lists name each other', () => {
    expect(
      unnamed(revision('web', '1'), revision('web', '2'), tag('web', 'x', '1'), list('1', '2'), list('2', '1')),
    ).toEqual([]);
  });

  it('are none in a registry that nobody pushed to', () => {
    expect(unnamed('')).toEqual([]);
  });

  it.each([
    'R repositories/web/_manifests/revisions/sha256/zz/link',
    'T repositories/web/_manifests/tags/1/current/link:',
    'R repositories/../_manifests/revisions/sha256/11/link',
    revision('web/../../blobs', '1'),
    revision('web//api', '1'),
    `M blobs/sha256/11/${hex('1')}/data {"manifests":[`,
    'find: repositories: Input/output error',
  ])('are not guessed from %s', (line) => {
    expect(() => readStore(`${revision('web', '1')}\n${line}\n`)).toThrow('not understood; nothing was removed');
  });
});
