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

  /** The same, of a flag that always has one. @throws Error for another: a bug */
  sure(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw new Error(`the flag ${name} has no default`);
    return text;
  }

  /** @throws Error as sure */
  number(name: string): number {
    return Number(this.sure(name));
  }

  isOn(name: string): boolean {
    return this.text(name) === 'true';
  }

  givenNames(): readonly string[] {
    return [...this.#given.keys()];
  }
}
