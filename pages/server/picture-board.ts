import {
  tableNames,
  type Changes,
  type EventRow,
  type Message,
  type TableName,
  type Tables,
} from '../picture/tables.ts';

/** What the world gives a board. */
interface BoardOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long changes are gathered before they are told, milliseconds. */
  readonly gatherMs: number;
}

interface Told {
  readonly number: number;
  readonly row: EventRow;
}

type Row = Tables[TableName];
type Listener = (message: Message) => void;

/** That many events are kept: the last ones. */
const mostEvents = 200;
/** The same within this time, and among that many of the last ones, is said once. */
const sameMs = 5000;
const sameAmong = 40;
/** Pages that come at once, as after a restart, are sent the same picture. */
const wholeMs = 1000;
/** More tasks than these are counted, and not told of one by one. */
export const mostTasks = 2000;

/** The rows of the page, and who wants to hear what changes in them. */
export class PictureBoard {
  readonly #options: BoardOptions;
  readonly #tables = new Map<TableName, Map<string, Row>>(tableNames.map((name) => [name, new Map()]));
  /** Rows that were set or removed since the last message. */
  #changed = new Map<TableName, Set<string>>();
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #lastEvent = 0;
  readonly #told = new Map<string, Told>();
  #wholeMessage: Message | undefined;
  #taskCount = 0;

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  get<Name extends TableName>(name: Name, id: string): Tables[Name] | undefined {
    return this.#table(name).get(id);
  }

  rows<Name extends TableName>(name: Name): ReadonlyMap<string, Tables[Name]> {
    return this.#table(name);
  }

  /** A row that says what is said already is no change. */
  set<Name extends TableName>(name: Name, id: string, row: Tables[Name]): void {
    const table = this.#table(name);
    const before = table.get(id);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(row)) return;
    table.set(id, row);
    this.#change(name, id);
  }

  remove(name: TableName, id: string): void {
    if (this.#table(name).delete(id)) this.#change(name, id);
  }

  /** These rows, and no others. */
  replace<Name extends TableName>(name: Name, rows: ReadonlyMap<string, Tables[Name]>): void {
    for (const id of [...this.#table(name).keys()]) if (!rows.has(id)) this.remove(name, id);
    for (const [id, row] of rows) this.set(name, id, row);
  }

  /** Tells of something that has just happened; the same one after another is told as one, with its number. */
  tell(event: Omit<EventRow, 'at' | 'count'>): void {
    const now = this.#options.now();
    const key = sameness(event);
    const before = this.#told.get(key);
    if (before !== undefined && now - before.row.at <= sameMs && before.number > this.#lastEvent - sameAmong) {
      const { id: _one, ...row } = before.row;
      this.#keep(key, { number: before.number, row: { ...row, count: (row.count ?? 1) + 1 } });
      return;
    }
    this.#lastEvent += 1;
    this.#keep(key, { number: this.#lastEvent, row: { at: now, ...event } });
    const oldest = String(this.#lastEvent - mostEvents);
    const forgotten = this.get('events', oldest);
    if (forgotten === undefined) return;
    if (String(this.#told.get(sameness(forgotten))?.number) === oldest) this.#told.delete(sameness(forgotten));
    this.remove('events', oldest);
  }

  #keep(key: string, told: Told): void {
    this.#told.set(key, told);
    this.set('events', String(told.number), told.row);
  }

  countTasks(count: number): void {
    if (count === this.#taskCount) return;
    this.#taskCount = count;
    this.#wholeMessage = undefined;
    this.#tellSoon();
  }

  get taskCount(): number {
    return this.#taskCount;
  }

  /**
   * Tells all there is now, then what changes.
   * @returns what ends that
   */
  listen(listener: Listener): () => void {
    listener(this.whole());
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** All there is now; for who comes at the same time it is the same message. */
  whole(): Message {
    // Everybody is told the same, and what is not told yet is in this one.
    if (this.#timer !== undefined) this.#tell();
    const before = this.#wholeMessage;
    if (before !== undefined && this.#options.now() - before.now < wholeMs) return before;
    return (this.#wholeMessage = this.#message(true, this.#whole()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #table<Name extends TableName>(name: Name): Map<string, Tables[Name]> {
    return this.#tables.get(name) as Map<string, Tables[Name]>;
  }

  #change(name: TableName, id: string): void {
    const ids = this.#changed.get(name) ?? new Set();
    this.#changed.set(name, ids.add(id));
    this.#wholeMessage = undefined;
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#tell();
    }, this.#options.gatherMs).unref();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = Object.fromEntries(
      [...this.#changed].map(([name, ids]) => {
        const table = this.#table(name);
        return [name, Object.fromEntries(Array.from(ids, (id) => [id, table.get(id) ?? null]))];
      }),
    ) as Changes;
    this.#changed = new Map();
    const message = this.#message(false, changes);
    for (const listener of this.#listeners) listener(message);
  }

  #whole(): Changes {
    return Object.fromEntries(tableNames.map((name) => [name, Object.fromEntries(this.#table(name))]));
  }

  #message(isWhole: boolean, changes: Changes): Message {
    return { isWhole, now: this.#options.now(), changes, taskCount: this.#taskCount };
  }
}

const sameness = ({ kind, about, detail = '' }: Omit<EventRow, 'at'>) => `${kind} ${about} ${detail}`;
