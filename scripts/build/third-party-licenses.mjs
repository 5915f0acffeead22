import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages whose code is in the bundle.
 * @param {readonly import('rolldown').OutputChunk[]} chunks of the bundle
 * @returns {string} text with name, version and licence of each package, in the order of their names
 * @throws {Error} when a package has no licence file, nor its modules any at their beginning: its licence then has to be
 *   found out by a person
 */
export function thirdPartyLicenses(chunks) {
  const sections = bundledPackages(chunks)
    .map(describePackage)
    .sort((a, b) => (a.title < b.title ? -1 : 1));
  const head = 'create-mesos-cluster contains code of these packages, each under its own licence.\n';
  return [head, ...sections.map(({ title, text }) => `${'-'.repeat(80)}\n${title}\n\n${text}\n`)].join('\n');
}

/** Package folders of which at least one byte is in a chunk, each with the modules that it comes from. */
function bundledPackages(chunks) {
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules));
  const packages = new Map();
  for (const [path, { renderedLength }] of modules) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
    if (folder === undefined || renderedLength === 0) continue;
    packages.set(folder, [...(packages.get(folder) ?? []), path]);
  }
  return [...packages];
}

function describePackage([folder, modules]) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder)
    .sort()
    .find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
  const notice = join(folder, 'NOTICE');
  const texts = file === undefined ? headers(modules) : [readText(join(folder, file))];
  if (texts.length === 0) throw new Error(`${name} is bundled, but has no licence file in ${folder}`);
  if (existsSync(notice)) texts.push(readText(notice));
  return { title: `${name} ${version} (${license})`, text: texts.join('\n\n') };
}

const readText = (path) => readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim();

/** The comments that modules begin with, each once; none when a module has no such comment about its licence. */
function headers(modules) {
  const found = modules.map((path) => {
    const comment = /^(?:\/\/.*\n)+/.exec(readFileSync(path, 'utf8'))?.[0] ?? '';
    return comment.replaceAll(/^\/\/ ?/gm, '').trim();
  });
  return found.every((text) => /licen[cs]e/i.test(text)) ? [...new Set(found)].sort() : [];
}
