/**
 * A row of HAProxy's statistics (management guide, 9.1): what it has in a column, empty for nothing; undefined where there
 * is no such column.
 */
export type StatisticsRow = (column: string) => string | undefined;

/** The rows of `/haproxy?stats;csv`. */
export function statisticsRows(csv: string): readonly StatisticsRow[] {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = header.replace(/^# /, '').split(',');
  const places = new Map(columns.map((column, place) => [column, place]));
  return lines.map((line) => {
    const cells = line.split(',');
    return (column) => {
      const place = places.get(column);
      return place === undefined ? undefined : (cells[place] ?? '');
    };
  });
}
