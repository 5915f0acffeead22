import { readFileSync } from 'node:fs';

/*
 * node scripts/check-release.mjs v0.2.0: whether this commit may be released under that tag. Prints what CHANGELOG.md
 * says of the version; or every reason against it, and fails. Run in the folder of package.json.
 */

const [tag = ''] = process.argv.slice(2);
const read = (path) => readFileSync(path, 'utf8');
const { version, repository } = JSON.parse(read('package.json'));

/** The text below a version's heading, `## 0.2.0 - 2026-03-01`, up to the next version. */
function notes() {
  const [, ...sections] = read('CHANGELOG.md').split(/^## /m);
  const section = sections.find((each) => /^(\S+) - \d{4}-\d\d-\d\d$/m.exec(each.split('\n', 1)[0])?.[1] === version);
  return section?.slice(section.indexOf('\n')).trim();
}

const text = notes();
const url = typeof repository === 'string' ? repository : (repository?.url ?? '');
const { GITHUB_REPOSITORY: here } = process.env;
const unpublished = read('README.md')
  .split('\n')
  .flatMap((line, index) => (/not published yet/i.test(line) ? [index + 1] : []));

const problems = [
  ...(tag === `v${version}`
    ? []
    : [`the tag is ${tag || 'missing'}, the version in package.json ${version}: v${version} is wanted`]),
  ...(text ? [] : [`CHANGELOG.md has no heading "## ${version} - YEAR-MONTH-DAY" with text below it`]),
  ...(url.replace(/\.git$/, '').endsWith(`/${here ?? ''}`) && url !== ''
    ? []
    : [
        `package.json has ${url === '' ? 'no repository' : `the repository ${url}`}: provenance wants that of this workflow${here ? `, ${here}` : ''}`,
      ]),
  ...unpublished.map((line) => `README.md:${line} says that it is not published yet`),
];

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(text);
