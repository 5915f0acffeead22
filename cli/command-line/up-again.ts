import { shellWord, shellWords } from '../../platform/processes/shell-words.ts';
import { specUses, textOf, type CommandLine } from './command-line.ts';
import type { SpecSetting } from './spec-from-flags.ts';

/**
 * The command that is `up` as it was typed, or as the lab was started, with other flags about ports: whoever reads it in
 * a message may copy it.
 * @param settings what flags say over the spec
 * @param flags `--port marathon=8180`: each takes the place of what was said of the same
 */
export function upAgain(line: CommandLine, settings: readonly SpecSetting[], flags: readonly string[]): string {
  const said = settings.flatMap(({ place, path, value }) => {
    if (place.kind !== 'flag') return [];
    const role = place.flag === '--port' ? `${String(path.at(-1))}=` : '';
    return [`${place.flag} ${role}${String(value)}`];
  });
  const kept = said.filter((flag) => !flags.some((other) => subjectOf(other) === subjectOf(flag)));
  const lab = textOf(line, 'lab');
  const npm = lab === undefined ? ['npm', 'run', 'up', '--'] : ['npm', '--prefix', lab, 'run', 'up', '--'];
  return [shellWords(npm), ...othersOf(line), ...kept, ...flags].join(' ');
}

/** `--port marathon` of `--port marathon=8180`. */
const subjectOf = (flag: string) => (flag.startsWith('--port ') ? flag.replace(/=.*/, '') : flag.replace(/ .*/, ''));

/** What was typed that does not say what the cluster is. */
function othersOf(line: CommandLine): readonly string[] {
  if (line.verb !== 'up') return [];
  const spec = new Set(specUses(line));
  return line.uses
    .filter((use) => !spec.has(use) && use.flag.name !== 'lab')
    .map(({ flag, text }) => {
      if (flag.value === undefined) return text === 'true' ? `--${flag.name}` : `--no-${flag.name}`;
      return `--${flag.name} ${shellWord(text)}`;
    });
}
