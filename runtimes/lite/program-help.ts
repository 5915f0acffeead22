import type { FlagDefinition, FlagTable } from '../../planning/flag-tables/flag-table.ts';

/** A column of flags in the form of stout's usage, with defaults, and where the value of each may come from. */
export function flagHelp(program: string, table: FlagTable, form: 'mesos' | 'marathon'): string {
  const names = (flag: FlagDefinition) => [flag.name, ...(flag.aliases ?? [])];
  const written = (flag: FlagDefinition, name: string) => {
    if (flag.type !== 'boolean') return form === 'mesos' ? `--${name}=VALUE` : `--${name} VALUE`;
    if (form === 'mesos') return `--[no-]${name}`;
    return flag.presenceOnly === true ? `--${name}` : `--[disable_]${name}`;
  };
  const sorted = [...table].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = sorted.map((flag) => ({
    left: `  ${names(flag)
      .map((name) => written(flag, name))
      .join(', ')}`,
    right: flag.default === undefined ? '' : `(default: ${flag.default})`,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length)) + 5;
  const lines = rows.map(({ left, right }) => `${left.padEnd(width)}${right}`.trimEnd());
  return `Usage: ${program} [options]\n\n${lines.join('\n')}\n`;
}
