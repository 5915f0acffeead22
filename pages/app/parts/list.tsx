import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { words } from '../words.ts';
import { scrollable } from './scrollable.ts';
import { useAfterFrame } from './use-after-frame.ts';

interface Column<Row> {
  readonly title: string;
  readonly show: (row: Row) => ComponentChildren;
  /** By what its rows are put in order when its title is chosen. Missing: they cannot be. */
  readonly sortBy?: (row: Row) => string | number;
}

/** A column that rows are in the order of, by its title. */
interface Order {
  readonly title: string;
  readonly isFalling: boolean;
}

interface ListProps<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** What the filter looks into; one that stays the same function is asked for other rows alone. Missing: there is none. */
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
  const [order, setOrder] = useState<Order>();
  const all = useMemo(() => filtered(rows, wanted, textOf), [rows, wanted, textOf]);
  const found = useMemo(() => inOrder(all, columns, order), [all, order]);
  const wantSoon = useAfterFrame(setWanted);
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
          defaultValue={wanted}
          onInput={({ currentTarget }) => {
            wantSoon(currentTarget.value);
          }}
        />
      )}
      {found.length === 0 && <p class="quiet">{words.noMatch}</p>}
      <div {...(columns.some(({ sortBy }) => sortBy !== undefined) ? { class: 'scroll-x' } : scrollable(name))}>
        <table aria-label={name} aria-rowcount={found.length + 1}>
          <thead>
            <tr>
              {columns.map(({ title, sortBy }) => (
                <Title key={title} title={title} order={order} setOrder={sortBy === undefined ? undefined : setOrder} />
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

function filtered<Row>(
  rows: readonly Row[],
  wanted: string,
  textOf: ((row: Row) => string) | undefined,
): readonly Row[] {
  const lower = wanted.toLowerCase();
  if (textOf === undefined || lower === '') return rows;
  return rows.filter((row) => textOf(row).toLowerCase().includes(lower));
}

const collator = new Intl.Collator(undefined, { numeric: true });

function inOrder<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | undefined): readonly Row[] {
  const sortBy = columns.find(({ title }) => title === order?.title)?.sortBy;
  if (sortBy === undefined || order === undefined) return rows;
  const keyed = rows.map((row) => [sortBy(row), row] as const);
  const compare = (one: string | number, other: string | number) =>
    typeof one === 'number' && typeof other === 'number' ? one - other : collator.compare(String(one), String(other));
  keyed.sort(([one], [other]) => (order.isFalling ? compare(other, one) : compare(one, other)));
  return keyed.map(([, row]) => row);
}

/** The title of a column; chosen once its rows rise, chosen again they fall. */
function Title(props: {
  readonly title: string;
  readonly order: Order | undefined;
  readonly setOrder: ((order: Order) => void) | undefined;
}) {
  const { title, order, setOrder } = props;
  if (setOrder === undefined) return <th scope="col">{title}</th>;
  const isChosen = order?.title === title;
  const isFalling = isChosen && order.isFalling;
  return (
    <th scope="col" aria-sort={isChosen ? (isFalling ? 'descending' : 'ascending') : 'none'}>
      <button
        class="sort"
        onClick={() => {
          setOrder({ title, isFalling: isChosen && !isFalling });
        }}
      >
        {title}
        <span aria-hidden="true">{isChosen ? (isFalling ? ' ↓' : ' ↑') : ' '}</span>
      </button>
    </th>
  );
}

const Gap = ({ rows, columns }: { readonly rows: number; readonly columns: number }) => (
  <tr aria-hidden="true">
    <td class="gap" colSpan={columns} ref={(cell) => cell?.style.setProperty('height', `${rows * rowHeight}px`)} />
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
