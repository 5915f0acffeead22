import type { FlagTable } from '../../planning/flag-tables/flag-table.ts';

/** What a program was given, and what it says when it is not given something. */
export class GivenFlags {
  readonly table: FlagTable;
  readonly #given: ReadonlyMap<string, string>;

  constructor(table: FlagTable, given: ReadonlyMap<string, string>) {
    this.table = table;
    this.#given = given;
  }

  /** The value given, or the program's default. */
  text(name: string): string | undefined {
    return this.#given.get(name) ?? this.table.find((flag) => flag.name === name)?.default;
  }

  isGiven(name: string): boolean {
    return this.#given.has(name);
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  isOn(name: string): boolean {
    return this.text(name) === 'true';
  }

  givenNames(): readonly string[] {
    return [...this.#given.keys()];
  }
}
