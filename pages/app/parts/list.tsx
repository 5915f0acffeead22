import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words.ts';

interface Column<Row> {
  readonly title: string;
  readonly show: (row: Row) => ComponentChildren;
}

interface ListProps<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** What the filter looks into. Missing: there is none. */
  readonly textOf?: (row: Row) => string;
  /** Said when there are no rows. */
  readonly empty: string;
}

const rowHeight = 36;
const spare = 10;

/** A table of which only the rows in sight are made, however many there are. */
export function List<Row>({ name, rows, keyOf, columns, textOf, empty }: ListProps<Row>) {
  const [wanted, setWanted] = useState('');
  const body = useRef<HTMLTableSectionElement>(null);
  const [first, last] = useSight(body);
  const found =
    textOf === undefined || wanted === ''
      ? rows
      : rows.filter((row) => textOf(row).toLowerCase().includes(wanted.toLowerCase()));
  const start = Math.min(Math.max(0, first - spare), Math.max(0, found.length - 1));
  const end = Math.min(found.length, last + spare);
  if (rows.length === 0) return <p class="quiet">{empty}</p>;
  return (
    <>
      {textOf !== undefined && (
        <input
          type="search"
          placeholder={words.filter}
          aria-label={`${words.filter}: ${name}`}
          value={wanted}
          onInput={({ currentTarget }) => {
            setWanted(currentTarget.value);
          }}
        />
      )}
      {found.length === 0 && <p class="quiet">{words.noMatch}</p>}
      <div class="scroll-x">
        <table aria-label={name} aria-rowcount={found.length + 1}>
          <thead>
            <tr>
              {columns.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {start > 0 && <Gap rows={start} columns={columns.length} />}
            {found.slice(start, end).map((row, index) => (
              <tr key={keyOf(row)} aria-rowindex={start + index + 2}>
                {columns.map(({ title, show }) => (
                  <td key={title}>{show(row)}</td>
                ))}
              </tr>
            ))}
            {end < found.length && <Gap rows={found.length - end} columns={columns.length} />}
          </tbody>
        </table>
      </div>
    </>
  );
}

const Gap = ({ rows, columns }: { readonly rows: number; readonly columns: number }) => (
  <tr aria-hidden="true">
    <td class="gap" colSpan={columns} ref={(cell) => void cell?.style.setProperty('height', `${rows * rowHeight}px`)} />
  </tr>
);

/** Which rows can be seen, as the window scrolls. */
function useSight(body: { readonly current: HTMLElement | null }): readonly [number, number] {
  const [sight, setSight] = useState<readonly [number, number]>([0, 50]);
  useEffect(() => {
    const look = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor(-top / rowHeight));
      const next = [first, first + Math.ceil(innerHeight / rowHeight)] as const;
      setSight((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [body]);
  return sight;
}
