import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages whose code is in the bundle.
 * @param {import('esbuild').Metafile} metafile of the bundle
 * @param {string} root folder that the paths in the metafile are relative to
 * @returns {string} text with name, version and licence of each package, in the order of their names
 * @throws {Error} when a package has no licence file: its licence then has to be found out by a person
 */
export function thirdPartyLicenses(metafile, root) {
  const folders = bundledPackages(metafile).map((folder) => join(root, folder));
  const sections = folders.map(describePackage).sort((a, b) => (a.title < b.title ? -1 : 1));
  const head = 'create-mesos-cluster contains code of these packages, each under its own licence.\n';
  return [head, ...sections.map(({ title, text }) => `${'-'.repeat(80)}\n${title}\n\n${text}\n`)].join('\n');
}

/** Package folders that left at least one byte in an output, relative to the root. */
function bundledPackages(metafile) {
  const folders = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders];
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
