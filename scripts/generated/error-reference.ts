import { catalogue } from '../../errors/catalogue.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { writtenBy } from './written-by.ts';

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'All went well.',
  bug: 'A bug in create-mesos-cluster: it prints a stack and where to report it.',
  usage: 'The command line or mesos-cluster.yaml says something that cannot be. Nothing was written.',
  machine: 'Something is missing on this machine.',
  command: 'A command that was started for you failed.',
  notReady: 'The cluster was not ready in time.',
  verification: 'The cluster runs, but does not do what it should.',
  interrupted: 'Ctrl-C.',
};

function codesWith(exitCode: ExitCode): string {
  const rows = Object.entries(catalogue)
    .filter(([, entry]) => entry.exitCode === exitCode)
    .map(([code, { meaning }]) => `| \`${code}\` | ${meaning} |\n`);
  return rows.length === 0 ? '' : `\n| code | meaning |\n| --- | --- |\n${rows.join('')}`;
}

/** docs/errors.md: every error code, by the exit code that it causes. */
export function errorReference(): string {
  const sections = Object.entries(exitCodes).map(([name, exitCode]) => {
    const meaning = meanings[name as keyof typeof exitCodes];
    return `## Exit code ${String(exitCode)}\n\n${meaning}\n${codesWith(exitCode)}`;
  });
  return `${writtenBy('errors/catalogue.ts')}
# Errors

Every message for you has a code, a place where there is one, and what to do. All problems of a spec are reported at
once. The exit code is that of the first error.

${sections.join('\n')}`;
}
