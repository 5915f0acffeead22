import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages whose code is in the bundle.
 * @param {readonly import('rolldown').OutputChunk[]} chunks of the bundle
 * @returns {string} text with name, version and licence of each package, in the order of their names
 * @throws {Error} when a package has no licence file: its licence then has to be found out by a person
 */
export function thirdPartyLicenses(chunks) {
  const sections = bundledPackages(chunks)
    .map(describePackage)
    .sort((a, b) => (a.title < b.title ? -1 : 1));
  const head = 'create-mesos-cluster contains code of these packages, each under its own licence.\n';
  return [head, ...sections.map(({ title, text }) => `${'-'.repeat(80)}\n${title}\n\n${text}\n`)].join('\n');
}

/** Package folders that left at least one byte in a chunk. */
function bundledPackages(chunks) {
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules));
  const folders = modules
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

function describePackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder)
    .sort()
    .find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled, but has no licence file in ${folder}`);
  const notice = join(folder, 'NOTICE');
  const texts = [join(folder, file), ...(existsSync(notice) ? [notice] : [])];
  return {
    title: `${name} ${version} (${license})`,
    text: texts.map((path) => readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim()).join('\n\n'),
  };
}
