/* Where everything is in a JSON text: JSON.parse says what it means, and not where it stands. */

/** What a text should have gone on with. */
export type Expected =
  | 'value'
  | 'name'
  | 'colon'
  | 'comma or }'
  | 'comma or ]'
  | 'no comma'
  | 'quote'
  | 'double quotes'
  | 'no comment'
  | 'end';

/** A text that is not JSON. */
export interface Trouble {
  /** How many characters are before it. */
  readonly at: number;
  readonly expected: Expected;
}

/** Offsets by path, such as `container/volumes/0/mode`; empty: of the whole. */
export type Places = ReadonlyMap<string, number>;

const text = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const plain = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const space = /[ \t\r\n]*/y;

/** Thrown within this file. */
class NotJson extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.expected);
    this.trouble = trouble;
  }
}

class Reader {
  readonly places = new Map<string, number>();
  readonly #json: string;
  #at = 0;

  constructor(json: string) {
    this.#json = json;
  }

  readAll(): void {
    this.#skip(space);
    this.places.set('', this.#at);
    this.#value([]);
    if (this.#at < this.#json.length) this.#fail('end');
  }

  #fail(expected: Expected, at = this.#at): never {
    const next = this.#json.slice(at, at + 2);
    if (next === '//' || next === '/*') throw new NotJson({ at, expected: 'no comment' });
    if (next.startsWith("'")) throw new NotJson({ at, expected: 'double quotes' });
    throw new NotJson({ at, expected });
  }

  /** @returns what was there, which may be nothing; space after it is skipped, too */
  #skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#json)?.[0];
    this.#at += found?.length ?? 0;
    if (pattern !== space) this.#skip(space);
    return found;
  }

  #take(character: string): boolean {
    if (this.#json[this.#at] !== character) return false;
    this.#at += 1;
    this.#skip(space);
    return true;
  }

  #value(path: readonly string[]): void {
    if (this.#take('{')) this.#members(path, '}', 'comma or }', () => this.#name());
    else if (this.#take('[')) this.#members(path, ']', 'comma or ]', (index) => [String(index), this.#at]);
    else if (this.#json[this.#at] === '"') this.#text();
    else if (this.#skip(plain) === undefined) this.#fail('value');
  }

  #members(
    path: readonly string[],
    end: '}' | ']',
    between: Expected,
    key: (index: number) => readonly [name: string, at: number],
  ): void {
    if (this.#take(end)) return;
    for (let index = 0; ; index += 1) {
      const [name, at] = key(index);
      const below = [...path, name];
      this.places.set(below.join('/'), at);
      this.#value(below);
      if (this.#take(end)) return;
      const comma = this.#at;
      if (!this.#take(',')) this.#fail(between);
      if (this.#json[this.#at] === end) this.#fail('no comma', comma);
    }
  }

  #name(): readonly [string, number] {
    const at = this.#at;
    if (this.#json[at] !== '"') this.#fail('name');
    const name = JSON.parse(this.#text()) as string;
    if (!this.#take(':')) this.#fail('colon');
    return [name, at];
  }

  #text(): string {
    return this.#skip(text) ?? this.#fail('quote');
  }
}

/** Where everything is, or why the text is not JSON. */
export function placesIn(json: string): { readonly places: Places } | { readonly trouble: Trouble } {
  const reader = new Reader(json);
  try {
    reader.readAll();
    return { places: reader.places };
  } catch (error) {
    if (error instanceof NotJson) return { trouble: error.trouble };
    throw error;
  }
}

/** Counted from 1, as editors do. */
export function lineAndColumn(json: string, at: number): { readonly line: number; readonly column: number } {
  const before = json.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
