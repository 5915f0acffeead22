import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/*
 * No file of the repository names a host of a package registry, a path of the machine it was written on, or a secret.
 * This file is one of them: the names are put together here.
 */

const hosts = [
  ...[
    ['registry', 'npmjs', 'org'],
    ['registry', 'yarnpkg', 'com'],
    ['deb', 'debian', 'org'],
    ['security', 'debian', 'org'],
  ],
  ...[
    ['ftp', 'debian', 'org'],
    ['archive', 'ubuntu', 'com'],
    ['pypi', 'org'],
    ['crates', 'io'],
    ['proxy', 'golang', 'org'],
  ],
].map((labels) => labels.join('.'));
// This machine's own registries, whatever they are called.
const aptSources = '/etc/apt/sources.list.d/debian.sources';
const aptUris = () => (existsSync(aptSources) ? readFileSync(aptSources, 'utf8').matchAll(/^URIs: *(\S+)/gm) : []);
const configured = [
  execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  ...Array.from(aptUris(), (match) => match[1]),
];
const machineHosts = configured.filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname);

const escapeRegExp = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const rules = [
  ...[...new Set([...hosts, ...machineHosts])].map((host) => ({
    what: 'a host of a package registry',
    pattern: new RegExp(String.raw`(?<![\w-])${escapeRegExp(host)}\b`, 'i'),
  })),
  ...['work', 'root'].map((folder) => ({
    what: 'a path of one machine',
    pattern: new RegExp(String.raw`(?<![\w.$}>~-])/${folder}(?![\w.-])`),
  })),
  { what: 'a private key', pattern: new RegExp(['-----BEGIN [A-Z ]*PRIVATE', 'KEY-----'].join(' ')) },
  {
    what: 'a token',
    pattern: /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|github_pat_\w{22,}|npm_\w{36}|xox[abpr]-\w{10,})/,
  },
];

// What a work directory must not be is said with the names of folders that every machine has.
const systemFolders = new Set(['planning/rules/check-paths.ts', 'test/planning/check-spec.test.ts']);
const appliesTo = (file, { what }) => what !== 'a path of one machine' || !systemFolders.has(file);

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
});
const found = listed
  .split('\0')
  .filter((file) => file !== '' && existsSync(file))
  .flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        rules
          .filter((rule) => appliesTo(file, rule) && rule.pattern.test(line))
          .map(({ what }) => `${file}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`),
      ),
  );

for (const line of found) console.error(line);
if (found.length > 0) process.exitCode = 1;
